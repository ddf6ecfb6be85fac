from pathlib import Path

from models.catalogue_files import load_catalogue
from models.engines.loading import load_translator, prepare_files
from models.language_model import embedded
from models.training.distillation import chosen, read_lists, write_lists


def test_the_hypotheses_are_written_and_go_on_where_they_were(
    tmp_path: Path, models_dir: Path
) -> None:
    model = load_catalogue(None, models_dir).get("embedded/en-es", "translate")
    translator = load_translator(model, prepare_files(model, models_dir))
    sources = ["The mayor spoke on Monday.", "The storm hit 3 towns."]
    path = tmp_path / "lists.jsonl"
    write_lists(translator, sources[:1], ("en", "es"), path)
    first = path.read_text(encoding="utf-8")
    with path.open("a", encoding="utf-8") as file:
        file.write('["half a li')
    write_lists(translator, sources, ("en", "es"), path)
    translator.close()
    assert path.read_text(encoding="utf-8").startswith(first)
    lists = list(read_lists(path))
    assert [source for source, _ in lists] == sources
    assert all(len(hypotheses) == model.beams for _, hypotheses in lists)


def test_what_is_nearest_to_the_human_translation_is_learned_else_what_is_likeliest() -> None:
    language = embedded("es")
    assert language is not None
    wrong = (-0.3, "El pareja llegó el lunes con 3 amigos.")
    right = (-0.31, "La pareja llegó el lunes con 3 amigos.")
    other = (-0.5, "El matrimonio vino este lunes con 3 amigos.")
    source = "The couple arrived on Monday with 3 friends."
    lists = [(source, [wrong, right, other])]

    def best(references: dict[str, str]) -> list[str]:
        return [text for _, text in chosen(iter(lists), references, language, "es")]

    assert best({}) == [right[1]]
    assert best({source: "El matrimonio vino el lunes con 3 amigos."}) == [other[1]]
    assert best({source: "Fueron detenidas cuatro personas."}) == []


def test_what_loses_a_number_or_has_an_unknown_word_is_not_learned() -> None:
    language = embedded("es")
    assert language is not None
    lists = [
        ("There are 3 towns.", [(-0.1, "Hay pueblos.")]),
        ("The towns are big.", [(-0.1, "Los tuvunes son grandes.")]),
        ("The Tuvunes are big.", [(-0.1, "Los Tuvunes son grandes.")]),
    ]
    assert [text for _, text in chosen(iter(lists), {}, language, "es")] == [
        "Los Tuvunes son grandes."
    ]
