from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.article import parse_article
from pipeline.documents.document import BlockKind, Document
from pipeline.documents.plain_text import parse_text


def of_kind(document: Document, kind: BlockKind) -> list[str]:
    return [document.text_of(block) for block in document.blocks if block.kind is kind]


def test_the_seed_article(seed_article: str) -> None:
    document = parse_text(seed_article)
    (title,) = of_kind(document, BlockKind.TITLE)
    (deck,) = of_kind(document, BlockKind.DECK)
    assert title.startswith("Venezuela Frees Over 100 Protesters Jailed")
    assert deck.startswith("Venezuelan authorities have freed 107 people")
    assert of_kind(document, BlockKind.FURNITURE) == ["• en", "ON NOW", "Follow us on:", "ON NOW"]
    assert len(of_kind(document, BlockKind.PARAGRAPH)) == 10


def test_the_demo_article(article: str) -> None:
    document = parse_text(article)
    assert of_kind(document, BlockKind.TITLE)[0].startswith("Ferry Service Returns")
    assert of_kind(document, BlockKind.DECK)[0].startswith("Two ferries have reached")
    assert of_kind(document, BlockKind.BYLINE) == ["By Jane Doe"]
    assert of_kind(document, BlockKind.HEADING) == [
        "A slow return",
        "Criticism from the opposition",
    ]


def test_one_sentence_is_a_paragraph() -> None:
    assert of_kind(parse_text("The vote is in July"), BlockKind.PARAGRAPH) == [
        "The vote is in July"
    ]


def test_a_wrapped_paragraph_is_one_block_and_a_list_is_not() -> None:
    wrapped = (
        "Two ferries reached the northern islands on Tuesday\n"
        "with food, fuel and medicine, nine days after the\nstorm."
    )
    assert of_kind(parse_text(wrapped), BlockKind.PARAGRAPH) == [wrapped.replace("\n", " ")]
    assert len(parse_text("One line of text.\nAnother line of text.\nA third.").blocks) == 3


def test_the_fields_say_what_they_are() -> None:
    document = parse_article(
        {"title": "Ferry is back", "deck": "After nine days.", "body": "It came.\n\nON NOW\n"}
    )
    assert [(block.field, block.kind.value) for block in document.blocks] == [
        ("title", "title"),
        ("deck", "deck"),
        ("body", "paragraph"),
        ("body", "furniture"),
    ]


@given(st.text())
def test_blocks_cover_any_text_in_order(text: str) -> None:
    document = parse_text(text)
    read = document.fields["text"]
    place = 0
    for block in document.blocks:
        assert read[place : block.start].strip() == ""
        assert read[block.start : block.end].strip() == read[block.start : block.end] != ""
        place = block.end
    assert read[place:].strip() == ""
