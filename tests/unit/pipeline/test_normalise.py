import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalise import Edit, Kind, Read, normalise

TEXTS = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from("e\u0301Ã©â€™&amp;\u00ad\u200b\u200d\u202a\ufeffﬁ\ufffd\n ")
)


@pytest.mark.parametrize(
    ("sent", "read", "kinds"),
    [
        ("La niÃ±a comiÃ³ 3 â‚¬.", "La niña comió 3 €.", {"mojibake"}),
        ("The cafÃ©â€™s owner", "The café’s owner", {"mojibake"}),
        ("Salt &amp; pepper: &lt;2&nbsp;g", "Salt & pepper: <2\u00a0g", {"entities"}),
        ("<b>R&amp;B</b> &eacute;", "<b>R&amp;B</b> é", {"entities"}),
        ("The har\u00adbour\u200b re\u00adopened\ufeff", "The harbour reopened", {"invisible"}),
        ("\u202aNo\u202c", "No", {"invisible"}),
        ("\u202bשלום\u202c", "\u202bשלום\u202c", set()),
        ("👩\u200d🚒 and می\u200cخواهم", "👩\u200d🚒 and می\u200cخواهم", set()),
        ("Jose\u0301 found the of\ufb01ce", "José found the office", {"unicode"}),
        ("São Paulo, “niño”, L’Aquila – 5 €", "São Paulo, “niño”, L’Aquila – 5 €", set()),
        ("AT&T and R&D; a &bogus; b", "AT&T and R&D; a &bogus; b", set()),
    ],
)  # fmt: skip
def test_what_is_read(sent: str, read: str, kinds: set[str]) -> None:
    found = normalise(sent)
    assert found.text == read
    assert {change.kind for change in found.changes} == kinds


def test_what_is_lost_or_doubtful_is_named_and_not_touched() -> None:
    found = normalise("El se\ufffdor Ruiz")
    assert found.text == "El se\ufffdor Ruiz"
    (change,) = found.changes
    assert (change.kind, change.before, change.applied) == (Kind.MOJIBAKE, "se\ufffdor", False)


@given(TEXTS)
def test_places_are_those_of_what_was_sent(text: str) -> None:
    read = normalise(text)
    assert read.sent == text
    assert len(read.places) == len(read.text) + 1
    assert list(read.places) == sorted(read.places)
    assert read.places[-1] <= len(text)
    assert unicodedata.is_normalized("NFC", read.text)


@given(st.text(), st.data())
def test_a_span_after_edits_is_where_it_was(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(place, len(text)))
    edited = Read.of(text).edited(Kind.UNICODE, [Edit(place, end, "xy")])
    assert edited.text == text[:place] + "xy" + text[end:]
    assert edited.span(0, place) == (0, place)
    assert edited.span(place + 2, len(edited.text)) == (end, len(text))
