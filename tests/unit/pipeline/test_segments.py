import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.document import BlockKind
from pipeline.documents.plain_text import parse_text
from pipeline.segments import fit, split
from pipeline.sentences import LONGEST


def sentences(text: str, language: str = "en") -> list[str]:
    return [segment.text for segment in split(parse_text(text), language)]


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["Mr. Smith of the U.S. Navy paid $1.2bn on Jan. 5 at 5 p.m. in cash.", "He left."]),
        ("en", ["It rose 3.5 percent.", "“We know,” said J. K. Rowling.", "Why?", "Because."]),
        ("es", ["El Sr. Pérez pagó 3,5 millones.", "¿Por qué?", "No se sabe."]),
    ],
)
def test_abbreviations_decimals_and_quotes(language: str, parts: list[str]) -> None:
    assert sentences(" ".join(parts), language) == parts


def test_a_quote_stays_whole() -> None:
    text = "“This is the tip. There are more,” said Romero. He left."
    assert sentences(text) == ["“This is the tip. There are more,” said Romero.", "He left."]


@given(st.text())
def test_any_text_is_covered_by_its_segments(text: str) -> None:
    document = parse_text(text)
    read = document.fields["text"]
    covered: set[int] = set()
    for segment in split(document, "en"):
        assert read[segment.start : segment.end] == segment.text == segment.text.strip() != ""
        covered.update(range(segment.start, segment.end))
    for block in document.blocks:
        inside = range(block.start + block.lead, block.end - block.tail)
        missed = "".join(read[place] for place in inside if place not in covered)
        assert block.kind == "furniture" or not any(letter.isalnum() for letter in missed)


def test_a_cell_is_cut_where_it_is_longer_than_a_sentence() -> None:
    text = f"Name | Place\n{'One two. ' * 20_000}| Quito\nAna | {'word ' * 40_000}"
    assert parse_text(text).blocks[0].kind is BlockKind.TABLE_ROW
    parts = sentences(text)
    assert parts[:3] == ["Name", "Place", "One two."]
    assert max(map(len, parts)) <= LONGEST
    assert sum(len(part.split()) for part in parts) == 2 + 40_000 + 1 + 1 + 40_000


def count(texts: list[str]) -> list[int]:
    """As a model would: a token for every three letters of a word."""
    return [sum((len(word) + 2) // 3 for word in text.split()) for text in texts]


@given(st.text(alphabet="ab ,.\n"), st.integers(1, 9))
def test_pieces_fit_and_joined_are_the_text(text: str, limit: int) -> None:
    pieces = fit(text, count, limit)  # type: ignore[arg-type]
    assert "".join(pieces) == text
    assert all(n <= limit for n in count(pieces))


def test_a_long_sentence_is_cut_after_a_clause() -> None:
    pieces = fit("aaa bbb ccc, ddd eee fff, ggg hhh", count, 4)  # type: ignore[arg-type]
    assert pieces == ["aaa bbb ccc, ", "ddd eee fff, ", "ggg hhh"]


def test_a_word_of_a_mebibyte_is_cut_too() -> None:
    word = "a" * 2**20
    pieces = fit(word, count, 500)  # type: ignore[arg-type]
    assert "".join(pieces) == word
    assert max(count(pieces)) <= 500
