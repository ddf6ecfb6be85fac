import pytest

from pipeline.alternatives import with_part
from pipeline.pipeline import Pipeline
from pipeline.requests import AlternativesRequest
from pipeline.spans import Span

CURRENT = "El alcalde dijo el lunes que 107 personas fueron liberadas."


@pytest.mark.parametrize(
    ("part", "other", "old", "new"),
    [
        ("alcalde", "El regidor dijo el martes que 107 se fueron.", "alcalde", "regidor"),
        ("lcald", "El regidor dijo.", "alcalde", "regidor"),
        ("fueron liberadas", CURRENT.replace("fueron", "han sido"), "fueron", "han sido"),
        ("lunes", CURRENT.replace(" el lunes", ""), " el lunes", ""),
        ("dijo", CURRENT.replace("alcalde", "regidor"), "dijo", "dijo"),
        ("liberadas.", CURRENT.replace(".", " hoy."), "liberadas", "liberadas hoy"),
    ],
)
def test_a_part_is_taken_from_another_translation(
    part: str, other: str, old: str, new: str
) -> None:
    start = CURRENT.index(part)
    text, span = with_part(CURRENT, Span(start, start + len(part)), other)
    assert text == CURRENT.replace(old, new)
    assert text[span.start : span.end] in new


def test_alternatives_differ_from_the_current_translation(pipeline: Pipeline) -> None:
    def asked(part: tuple[int, int] | None) -> list[str]:
        request = AlternativesRequest(
            text="The mayor said on Monday that 107 people were released from the prison.",
            current=current,
            part=part,
            source="en",
            target="es",
        )
        found = pipeline.alternatives(request, lambda *_: None).alternatives
        for one in found:
            assert one.span.end <= len(one.text)
            assert not one.has_error
        return [one.text for one in found]

    current = "El alcalde dijo el lunes que 107 personas fueron liberadas de la cárcel."
    whole = asked(None)
    assert len(whole) > 3
    assert len({current, *whole}) == len(whole) + 1
    start = current.index("el lunes")
    for text in asked((start, start + 2)):
        assert text.startswith("El alcalde dijo ")
        assert text.endswith(" lunes que 107 personas fueron liberadas de la cárcel.")
