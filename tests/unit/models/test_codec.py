from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.codec import MarianCodec


@pytest.fixture(scope="module")
def codec(tiny_marian: Path) -> MarianCodec:
    return MarianCodec(tiny_marian)


def test_only_the_last_token_is_the_end(codec: MarianCodec) -> None:
    (row,) = codec.encode([">>es<< storm </s><pad>"])
    assert row.index(codec.end) == len(row) - 1
    ids = codec.to_ids(row)
    assert ids.count(0) == 1
    assert codec.from_ids(ids)[-1] == codec.end


def test_there_and_back(codec: MarianCodec) -> None:
    (row,) = codec.encode(["Two ferries reached the northern islands."])
    assert codec.decode(row) == "Two ferries reached the northern islands."


def test_quotation_marks_take_the_form_that_is_known(codec: MarianCodec) -> None:
    assert codec.encode(["“storm’s”"]) == codec.encode(['"storm\'s"'])


def test_a_lower_limit_is_kept_and_a_higher_one_is_not(tiny_marian: Path) -> None:
    assert MarianCodec(tiny_marian, max_source_tokens=20).max_source_tokens == 20
    assert MarianCodec(tiny_marian, max_source_tokens=999).max_source_tokens == 64


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_every_text_has_tokens(codec: MarianCodec, text: str) -> None:
    (row,) = codec.encode([text])
    assert row[-1] == codec.end
    assert all(isinstance(number, int) for number in codec.to_ids(row))
