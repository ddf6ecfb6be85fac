from pathlib import Path

import pytest

from models.training import corpus
from models.training.direction import DIRECTIONS, Direction

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
def test_what_does_not_fit_stays_out(data: Path, direction: Direction) -> None:
    pairs = corpus.gather(data, direction).pairs
    assert set(pairs) == {PAIRS[0], ("The port.", "El puerto.")}
    assert pairs.count(PAIRS[0]) == 1


def test_spanish_lines_are_targets_of_what_was_written_for_them(data: Path) -> None:
    direction = DIRECTIONS["en-es"]
    with_them = corpus.gather(data, direction, [], data / "spanish").pairs
    assert (WRITTEN, SPANISH) in with_them
    assert ("The port.", "El puerto.") in with_them
    assert not any("largo" in spanish for _, spanish in with_them)
    assert (WRITTEN, SPANISH) not in corpus.gather(data, direction).pairs


def test_english_news_is_a_target_of_what_was_written_for_it_in_place_of_the_pivot(
    data: Path, tmp_path: Path
) -> None:
    written = tmp_path / "written"
    written.mkdir()
    (written / "mono.es").write_text("El barco zarpó.\n\n", encoding="utf-8")
    pairs = corpus.gather(data, DIRECTIONS["es-en"], [], written).pairs
    assert ("The ship left.", "El barco zarpó.") in pairs
    assert not any(english == "The port." for english, _ in pairs)


def test_a_last_pass_takes_more_news_and_leaves_the_pivot_out(data: Path) -> None:
    news = [(f"Ship {number} came home.", f"Llegó el barco {number}.") for number in range(40)]
    for set_ in ("newstest2009", "civic"):
        for language, side in zip(("en", "es"), zip(*news, strict=True), strict=True):
            path = data / f"parallel/{set_}.{language}"
            path.write_text("".join(f"{text}\n" for text in side), encoding="utf-8")
    paper = [f"El alcalde habló {number} veces." for number in range(200)]
    for name, texts in (("es", paper), ("en", [f"He spoke {n} times." for n in range(200)])):
        file = data / f"spanish/lajornada.{name}"
        file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    pairs = corpus.gather(
        data, DIRECTIONS["en-es"], [], data / "spanish", weights=corpus.NEWS
    ).pairs
    assert {pairs.count(pair) for pair in news} == {8}
    assert ("The port.", "El puerto.") not in pairs
    assert 40 < sum("alcalde habló" in spanish for _, spanish in pairs) < 120


def test_names_are_those_of_the_pairs_and_the_given_ones(data: Path) -> None:
    (data / "parallel/civic.en").write_text("Then Zira met Romero.\n", encoding="utf-8")
    (data / "parallel/civic.es").write_text("Luego Zira vio a Romero.\n", encoding="utf-8")
    names = corpus.gather(data, DIRECTIONS["en-es"], ["Quito"]).names
    assert names == ["Quito", "Romero", "Zira"]


def test_a_corpus_is_read_as_it_was_written(tmp_path: Path) -> None:
    written = corpus.Corpus([("The ship.", "El barco."), ("A", "B")], ["Quito"])
    written.write(tmp_path)
    assert corpus.Corpus.read(tmp_path) == written


@pytest.mark.parametrize("direction", DIRECTIONS.values(), ids=str)
def test_every_fifth_line_of_newstest2010_is_held_out(tmp_path: Path, direction: Direction) -> None:
    (tmp_path / "parallel").mkdir()
    for language in ("en", "es"):
        lines = "".join(f"{language} {number}\n" for number in range(11))
        (tmp_path / f"parallel/newstest2010.{language}").write_text(lines, encoding="utf-8")
    assert corpus.held_out(tmp_path, direction) == [
        (f"{direction.source} {number}", f"{direction.target} {number}") for number in (0, 5, 10)
    ]
