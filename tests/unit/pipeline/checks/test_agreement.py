"""Spanish words that do not agree."""

import pytest

from pipeline.checks.agreement import disagreements, mixed_genders


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Es la sistema.", ["el sistema"]),
        ("Vamos a quedarse aquí.", ["quedarnos"]),
        ("Dijo que tres personas fueron arrestados.", ["tres personas fueron arrestadas"]),
        # The article is corrected first, then the participle.
        ("Un película fue premiado.", ["Una película"]),
        ("Una película fue premiado.", ["Una película fue premiada"]),
    ],
)
def test_each_error_is_corrected_once(text: str, right: list[str]) -> None:
    assert [correction for _, correction in disagreements(text, "es")] == right


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("El cuerpo de la niño fue encontrado.", ["de la niño"]),
        ("Las cambios entran en vigor.", ["Las cambios"]),
        ("Vio el cara de cerca.", ["el cara"]),
        ("La barco llegó.", ["La barco"]),
        ("La llamo bien.", []),
        ("Al llevarla se cayó.", []),
        ("Las dos salieron.", []),
        ("El acta y el alta mar.", []),
        ("También esta previsto.", []),
        ("El niño y la niña.", []),
    ],
)
def test_articles_of_the_other_gender(text: str, mixed: list[str]) -> None:
    assert [text[slice(*span)] for span in mixed_genders(text, "es")] == mixed
