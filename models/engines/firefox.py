"""The engine `firefox`: the models of Firefox Translations, run by fxtranslate (ADR 0098).

A folder has a model, one vocabulary or one for each language, and a list of likely words:
`model.enes.intgemm.alphas.bin`, `vocab.enes.spm`, `lex.50.50.enes.s2t.bin`.
"""

from collections.abc import Generator, Iterable, Sequence
from pathlib import Path

from fxtranslate import Translator as Engine
from sentencepiece import SentencePieceProcessor

from models.catalogue import Model
from models.engines.alignment import Alignment
from models.engines.translator import PLAIN, Decoding, Output

_MAX_SOURCE_TOKENS = 128
"""Firefox cuts its texts at this length; the engine silently drops what is over its own, higher limit."""


class FirefoxTranslator:
    """A model of one language pair, on the processor; it gives one hypothesis, without a score."""

    def __init__(self, folder: Path, model: Model) -> None:
        """Load the files of a folder; raises OSError or ValueError if one is missing or unreadable."""
        source = _only(folder, "srcvocab.*.spm", "vocab.*.spm")
        target = _only(folder, "trgvocab.*.spm", "vocab.*.spm")
        shortlist = next(iter(sorted(folder.glob("lex.*.bin"))), None)
        self._engine = Engine(
            _only(folder, "model.*.bin").read_bytes(),
            source.read_bytes(),
            target.read_bytes(),
            shortlist.read_bytes() if shortlist else None,
        )
        self._pieces = SentencePieceProcessor(model_file=str(source))
        self.max_source_tokens = min(
            model.max_source_tokens or _MAX_SOURCE_TOKENS, _MAX_SOURCE_TOKENS
        )

    @property
    def parallel_batches(self) -> int:
        """One: a sentence at a time."""
        return 1

    @property
    def pays_for_padding(self) -> bool:
        """False: a batch is translated sentence by sentence."""
        return False

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, with the end token."""
        return [len(ids) + 1 for ids in self._pieces.encode(list(texts))]

    def unknown_characters(self, text: str) -> frozenset[str]:
        """Return the characters that the vocabulary has no piece for."""
        unknown = self._pieces.unk_id()
        return frozenset(
            character
            for character in set(text)
            if not character.isspace() and unknown in self._pieces.encode(character)
        )

    def translate(
        self,
        texts: Sequence[str],
        *,
        source: str,  # noqa: ARG002
        target: str,  # noqa: ARG002
        decoding: Decoding = PLAIN,  # noqa: ARG002
    ) -> list[Output]:
        """Translate one batch, in order; raise ValueError if a text is too long."""
        longest = max(self.count_tokens(texts), default=0)
        if longest > self.max_source_tokens:
            raise ValueError(
                f"A text has {longest} tokens, over the limit {self.max_source_tokens}."
            )
        return [Output(self._engine.translate(text)) for text in texts]

    def stream(
        self,
        batches: Iterable[Sequence[str]],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> Generator[list[Output], None, None]:
        """Translate batches in order."""
        for texts in batches:
            yield self.translate(texts, source=source, target=target, decoding=decoding)

    def align(
        self,
        sources: Sequence[str],
        translations: Sequence[str],  # noqa: ARG002
        *,
        source: str,  # noqa: ARG002
        target: str,  # noqa: ARG002
    ) -> list[Alignment | None]:
        """Return no alignment: the engine gives none."""
        return [None] * len(sources)

    def close(self) -> None:
        """Free the model's memory. The translator cannot be used afterwards."""
        del self._engine


def _only(folder: Path, *patterns: str) -> Path:
    """Return the file that the first of the patterns with one finds; raise OSError without any."""
    for pattern in patterns:
        if found := sorted(folder.glob(pattern)):
            return found[0]
    raise FileNotFoundError(f"{folder} has no {patterns[-1]}")
