"""The gate's answers: flags in their places, and what a policy lets through."""

from pipeline.checked import Checked, judge, shown
from pipeline.checks import CheckFlag, Code
from pipeline.results import FieldSpan
from pipeline.spans import Span


def test_flags_have_their_places_in_the_fields() -> None:
    sources = [FieldSpan(field="title", start=0, end=10), FieldSpan(field="deck", start=5, end=25)]
    target = FieldSpan(field="text", start=100, end=130)
    flags = (
        CheckFlag(Code.NAME_CHANGED, "…", Span(2, 6), Span(0, 4)),
        CheckFlag(Code.NAME_CHANGED, "…", Span(11, 15), None),  # in the second of two joined
        CheckFlag(Code.QUOTE_LOST, "…", Span(8, 14), None),  # in both: no one place
    )
    first, second, third = shown(Checked("…", flags=flags), sources, target)
    assert first.source_span == FieldSpan(field="title", start=2, end=6)
    assert first.target_span == FieldSpan(field="text", start=100, end=104)
    assert second.source_span == FieldSpan(field="deck", start=5, end=9)
    assert third.source_span is None
    assert [flag.source_span for flag in shown(Checked("…", flags=flags), [], target)] == [None] * 3


def test_a_sentence_that_is_its_source_keeps_its_places_under_the_policy_source() -> None:
    flag = CheckFlag(Code.UNSUPPORTED, "…", target=Span(0, 3))
    (sentence,) = judge(["One."], [Checked("One.", flags=(flag,))], "source")
    assert sentence.flags == (flag,)
