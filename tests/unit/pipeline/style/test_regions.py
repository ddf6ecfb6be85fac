import pytest

from pipeline.checked import Checked
from pipeline.checks import CheckFlag, Code
from pipeline.spans import Span
from pipeline.style.regions import Region


@pytest.mark.parametrize(
    ("tag", "draft", "right"),
    [
        ("es-MX", "Son 1.234,5 y 3,5 %.", "Son 1,234.5 y 3.5 %."),
        ("es-419", "La versión 2.4.17 de http://a.es/1,5.", None),
        ("es-AR", "Son 1.234,5.", None),
        ("es-ES", "Son 1.234,5.", None),
        ("en-GB", "The gray color; Center City.", "The grey colour; Center City."),
        ("en-US", "The grey colour.", "The gray color."),
        ("fr-CA", "Il pleut.", None),
    ],
)
def test_the_notation_of_a_region(tag: str, draft: str, right: str | None) -> None:
    assert Region(tag).styled(Checked(draft)).text == (right or draft)


def test_flags_stay_at_their_words_when_others_grow() -> None:
    flag = CheckFlag(Code.UNKNOWN_WORD, "?", None, Span(11, 16))
    (moved,) = Region("en-GB").styled(Checked("A color of xyzzy.", flags=(flag,))).flags
    assert moved.target == Span(12, 17)


@pytest.mark.parametrize(
    ("tag", "text", "found"),
    [
        ("es-MX", "Vosotros sabéis que os vimos.", ["Vosotros", "sabéis", "os"]),
        ("es-MX", "Ustedes saben que seis países ganan.", []),
        ("es-ES", "Ustedes saben.", ["Ustedes"]),
        ("es-ES", "Vosotros sabéis.", []),
    ],
)
def test_forms_that_a_region_does_not_use_are_flagged(
    tag: str, text: str, found: list[str]
) -> None:
    flags = Region(tag).flagged("You know.", Checked(text)).flags
    assert [text[slice(*flag.target)] for flag in flags if flag.target] == found
    assert {flag.code for flag in flags} <= {Code.REGIONAL_FORM}


def test_what_a_region_does_not_change_is_told() -> None:
    assert Region("es-MX").applied == ["numbers", "quotation marks"]
    assert Region("fr-CA").applied == []
    assert "fr-CA makes no difference" in Region("fr-CA").note


def test_the_checks_read_a_regions_figures() -> None:
    assert Region("es-MX").neutral("Son 1,234.5.") == "Son 1.234,5."
