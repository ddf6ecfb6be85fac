import pytest

from pipeline.glossary.candidates import Candidates
from pipeline.glossary.kept import missing
from pipeline.glossary.matching import find, whole
from pipeline.glossary.terms import Term, for_region

TAX = Term(source="carbon tax", target="impuesto al carbono")
TERMS = [
    Term(source="tax", target="gravamen"),
    TAX,
    Term(source="Apple", match_case=True),
    Term(source="prime minister", target="primer ministro"),
    Term(source="prime minister", target="jefe de Gobierno"),
]


def found(text: str) -> list[tuple[str, str]]:
    return [(one.text, one.wanted) for one in find(text, TERMS, "en")]


def test_the_longest_term_is_found_in_any_form() -> None:
    assert found("Carbon taxes and a tax.") == [
        ("Carbon taxes", "impuesto al carbono"),
        ("tax", "gravamen"),
    ]
    assert found("No carbon, no taxation.") == []


def test_capitals_count_where_the_term_says_so() -> None:
    assert found("Apple sells an apple.") == [("Apple", "Apple")]


@pytest.mark.parametrize(
    ("target", "count"),
    [
        ("Los primeros ministros hablaron.", 0),
        ("El jefe de Gobierno habló.", 0),
        ("El premier habló.", 1),
    ],
)
def test_any_translation_of_a_term_is_right_in_any_form(target: str, count: int) -> None:
    flags = list(missing(target, find("The prime ministers spoke.", TERMS, "en"), "es"))
    assert [flag.code.value for flag in flags] == ["term-missing"] * count


def test_a_term_is_asked_for_as_often_as_it_occurs() -> None:
    terms = find("A carbon tax is a carbon tax.", TERMS, "en")
    (flag,) = missing("Un impuesto al carbono es un tributo.", terms, "es")
    assert flag.source == terms[1].span


def test_the_variant_of_the_nearest_region_counts() -> None:
    terms = [
        Term(source="computer", target="ordenador"),
        Term(source="computer", target="computadora", region="es-419"),
        Term(source="computer", target="compu", region="es-AR"),
        Term(source="car", target="coche"),
    ]
    for target, wanted in (
        ("es", ["ordenador", "coche"]),
        ("es-ES", ["ordenador", "coche"]),
        ("es_MX", ["computadora", "coche"]),
        ("es-419", ["computadora", "coche"]),
        ("es-AR", ["compu", "coche"]),
    ):
        assert [term.target for term in for_region(terms, target)] == wanted


def test_candidates_are_found_by_how_their_words_begin_and_in_order() -> None:
    terms = [TAX, Term(source="mouse", target="ratón"), Term(source="tax", target="gravamen")]
    candidates = Candidates(terms)
    assert candidates.within(["Mice hate carbon taxes."]) == [TAX, terms[1], terms[2]]
    assert candidates.within(["Nothing here."]) == []


def test_a_term_without_a_word_is_refused() -> None:
    for fields in ({"source": "--"}, {"source": "tax", "target": "…"}, {"source": "a\0b"}):
        with pytest.raises(ValueError, match=r"letter or figure|NUL"):
            Term(**fields)


def test_a_text_that_is_a_term_needs_no_model() -> None:
    terms = [Term(source="artist", target="pintor"), Term(source="Acme Corp")]
    texts = ["artist", "Artist", "Acme Corp", "artists", "The artist", "artist, artist"]
    whole_terms = [whole(text, terms, "en") for text in texts]
    assert whole_terms == ["pintor", "Pintor", "Acme Corp", None, None, None]
