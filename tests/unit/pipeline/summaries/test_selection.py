import pytest

from models.engines.translator import Output
from pipeline.checks import Code
from pipeline.documents.plain_text import parse_text
from pipeline.errors import NothingWritten
from pipeline.segments import split
from pipeline.summaries.choice import Length
from pipeline.summaries.selection import Sentence, Style, from_written, summarize


def run(text: str, style: Style = Style.BRIEF, **length: float) -> list[Sentence]:
    document = parse_text(text)
    return summarize(
        document,
        split(document, "en"),
        language="en",
        style=style,
        length=Length(**(length or {"sentences": 3})),  # type: ignore[arg-type]
    )


def test_sentences_come_from_their_segments_in_the_order_of_the_article(seed_article: str) -> None:
    segments = split(parse_text(seed_article), "en")
    chosen = run(seed_article, sentences=3)
    assert len(chosen) == 3
    assert [segments[s.segments[0]].text for s in chosen] == [s.text for s in chosen]
    places = [s.segments[0] for s in chosen]
    assert places == sorted(places)


def test_a_brief_has_the_story_alone_and_begins_with_what_happened(seed_article: str) -> None:
    chosen = run(seed_article, sentences=4)
    text = " ".join(s.text for s in chosen)
    assert chosen[0].text.startswith("Venezuelan authorities have released 107")
    assert "Follow us" not in text
    assert "ON NOW" not in text


@pytest.mark.parametrize("words", [1, 30, 60, 100])
def test_a_length_in_words_is_kept(article: str, words: int) -> None:
    chosen = run(article, words=words)
    assert chosen
    total = sum(len(s.text.split()) for s in chosen)
    assert total <= words or len(chosen) == 1


def test_a_ratio_is_of_the_storys_sentences(article: str) -> None:
    assert (
        len(run(article, ratio=1.0)) > len(run(article, ratio=0.25)) > len(run(article, ratio=0.01))
    )
    assert len(run(article, ratio=0.01)) == 1


def test_what_is_said_twice_is_chosen_once() -> None:
    text = (
        "The storm destroyed two piers on the islands and cut the power line on Monday morning. "
        "A storm destroyed two piers on the islands and cut a power line on Monday morning. "
        "Engineers from the mainland will need three weeks for the repair of the line, they said."
    )
    assert len({s.text[2:20] for s in run(text, sentences=2)} & {"e storm destroyed "}) <= 1
    assert any("Engineers" in s.text for s in run(text, sentences=2))


def test_the_headline_is_the_title_else_a_short_sentence(seed_article: str) -> None:
    (headline,) = run(seed_article, Style.HEADLINE)
    assert headline.text.startswith("Venezuela Frees Over 100 Protesters")
    long = "word " * 40
    (headline,) = run(f"{long}. Two piers were destroyed by the storm. {long}.", Style.HEADLINE)
    assert headline.text == "Two piers were destroyed by the storm."


def test_several_headlines_are_the_title_and_other_short_sentences(seed_article: str) -> None:
    document = parse_text(seed_article)
    segments = split(document, "en")
    first, *others = summarize(
        document,
        segments,
        language="en",
        style=Style.HEADLINE,
        length=Length(sentences=1),
        headlines=3,
    )
    assert first.text.startswith("Venezuela Frees Over 100 Protesters")
    assert len({first.text, *(one.text for one in others)}) == 3
    assert all(len(one.text.split()) < 23 for one in others)


def test_nothing_gives_nothing() -> None:
    assert run(" \n ") == []


def written(*outputs: Output) -> list[Sentence]:
    document = parse_text("The storm destroyed two piers on the islands on Monday.")
    return from_written(
        outputs,
        document,
        split(document, "en"),
        language="en",
        style=Style.BRIEF,
        length=Length(sentences=3),
    )


def test_what_a_model_writes_without_a_letter_or_digit_is_left_out() -> None:
    chosen = written(Output(" … "), Output("The storm destroyed two piers. — !", truncated=True))
    assert [s.text.rstrip(" —!") for s in chosen] == ["The storm destroyed two piers."]


def test_what_a_model_makes_up_is_flagged_in_its_place() -> None:
    text = "The storm destroyed 107 piers on the islands of Kenya on Friday, said Marta Soler."
    (sentence,) = written(Output(text))
    *strange, unsupported = sentence.flags
    assert unsupported.code is Code.UNSUPPORTED
    assert [(flag.code, text[slice(*flag.target or (0, 0))]) for flag in strange] == [
        (Code.NUMBER_ADDED, "107"),
        (Code.DATE_CHANGED, "Friday"),
        (Code.COUNTRY_CHANGED, "Kenya"),
        (Code.NAME_CHANGED, "Marta"),
        (Code.NAME_CHANGED, "Soler"),
    ]
    assert all(flag.source is None for flag in sentence.flags)


def test_a_model_that_writes_nothing_is_an_error() -> None:
    with pytest.raises(NothingWritten, match="choose another"):
        written(Output(""), Output(" … — "))
