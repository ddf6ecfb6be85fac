"""The gate's answers: flags in their places, and what a policy lets through."""

from pipeline.checked import Checked, judge, shown
from pipeline.checks import Code, Flag
from pipeline.checks import Span as Part
from pipeline.results import Span


def test_flags_have_their_places_in_the_fields() -> None:
    sources = [Span(field="title", start=0, end=10), Span(field="deck", start=5, end=25)]
    target = Span(field="text", start=100, end=130)
    flags = (
        Flag(Code.NAME_CHANGED, "…", Part(2, 6), Part(0, 4)),
        Flag(Code.NAME_CHANGED, "…", Part(11, 15), None),  # in the second of two joined
        Flag(Code.QUOTE_LOST, "…", Part(8, 14), None),  # in both: no one place
    )
    first, second, third = shown(Checked("…", flags=flags), sources, target)
    assert first.source_span == Span(field="title", start=2, end=6)
    assert first.target_span == Span(field="text", start=100, end=104)
    assert second.source_span == Span(field="deck", start=5, end=9)
    assert third.source_span is None
    assert [flag.source_span for flag in shown(Checked("…", flags=flags), [], target)] == [None] * 3


def test_a_sentence_that_is_its_source_keeps_its_places_under_the_policy_source() -> None:
    flag = Flag(Code.UNSUPPORTED, "…", target=Part(0, 3))
    (sentence,) = judge(["One."], [Checked("One.", flags=(flag,))], "source")
    assert sentence.flags == (flag,)
