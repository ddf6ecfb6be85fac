from pathlib import Path

import pytest

from models.training import corpus
from models.training.direction import DIRECTIONS

PAIRS = [
    ("The ship reached the port on Tuesday.", "El barco llegó al puerto el martes."),
    ("The ship reached the port on Tuesday.", "El barco llegó al puerto el martes."),
    ("No.", "El presidente de la república no dijo nada de todo esto en la noche del martes."),
    ("1999", "1999"),
]
WRITTEN = "The mayor opened the school."
SPANISH = "El alcalde abrió la escuela."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    def write(stem: str, *texts: tuple[str, str]) -> None:
        for language, lines in zip(("en", "es"), zip(*texts, strict=True), strict=True):
            path = tmp_path / f"{stem}.{language}"
            path.parent.mkdir(exist_ok=True)
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    for name in corpus.PARALLEL:
        write(f"parallel/{name}", *PAIRS)
    write("distil/mono", ("The ship left.", "O navio saiu."), ("The port.", "El puerto."))
    for name in corpus.SPANISH:
        write(f"spanish/{name}", (WRITTEN, SPANISH), ("", "Demasiado largo."))
    return tmp_path


def test_a_pair_goes_either_way() -> None:
    assert DIRECTIONS["en-es"].ordered("The ship", "El barco") == ("The ship", "El barco")
    assert DIRECTIONS["es-en"].ordered("The ship", "El barco") == ("El barco", "The ship")


@pytest.mark.parametrize("direction", DIRECTIONS.values(), ids=str)
def test_what_does_not_fit_stays_out(
    data: Path, direction: corpus.Direction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "FRAGMENTS", 0)
    monkeypatch.setattr(corpus, "varied", lambda source, target, _: (source, target))
    pairs = [direction.ordered(*pair) for pair in corpus.pairs(data, direction, 1, ["Quito"])]
    assert set(pairs) == {PAIRS[0], ("The port.", "El puerto.")}
    assert pairs.count(PAIRS[0]) == corpus.PARALLEL["news-commentary"]


def test_spanish_lines_are_targets_of_what_was_written_for_them(data: Path) -> None:
    direction = DIRECTIONS["en-es"]
    pairs = corpus.pairs(data, direction, 1, ["Quito"], data / "spanish")
    assert [pair for pair in pairs if WRITTEN[:-1].lower() in pair[0].lower()] != []
    assert not any("largo" in target for _, target in pairs)
    assert not any(WRITTEN in source for source, _ in corpus.pairs(data, direction, 1, ["Quito"]))
