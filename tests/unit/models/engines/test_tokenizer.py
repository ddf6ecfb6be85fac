from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Model
from models.engines.tokenizer import Codec
from tests.tiny import MAKERS


def codec_of(model: Model, **changes: Any) -> Codec:
    assert model.folder is not None
    return Codec(model.model_copy(update=changes), model.folder)


@pytest.fixture(scope="module", params=MAKERS)
def codec(request: pytest.FixtureRequest, tiny: Callable[[str], Model]) -> Codec:
    return codec_of(tiny(request.param))


FORMS = {
    "marian": ([], []),
    "m2m100": (["__en__"], ["__es__"]),
    "nllb": (["eng_Latn"], ["spa_Latn"]),
    "mbart50": (["en_XX"], ["es_XX"]),
    "bart": (["<s>"], ["<s>"]),
    "pegasus": ([], []),
}


@pytest.mark.parametrize("family", FORMS)
def test_the_languages_stand_where_the_family_has_them(
    tiny: Callable[[str], Model], family: str
) -> None:
    codec = codec_of(tiny(family))
    first, prefix = FORMS[family]
    (row,) = codec.encode(["storm"], "en", "es")
    assert row[: len(first)] == first
    assert row[-1] == codec.end
    assert codec.prefix("es") == prefix
    assert codec.from_ids(codec.to_ids(first + prefix)) == first + prefix
    assert codec.decode([*prefix, *row]) == "storm"


def test_a_t5_is_told_what_to_do(tiny: Callable[[str], Model]) -> None:
    codec = codec_of(tiny("t5"))
    (row,) = codec.encode(["storm"], "en", "fr")
    assert codec.decode(row).startswith("translate English to French: ".replace(" ", "")[:1])
    assert codec.decode(row).endswith("storm")


def test_a_marian_of_many_targets_gets_its_code_as_one_token(
    tiny: Callable[[str], Model],
) -> None:
    codec = codec_of(tiny("marian"), prefix=">>{target}<<")
    (row,) = codec.encode([">>es<< storm"], "en", "es")
    assert row[0] == ">>es<<"


def test_only_the_last_token_is_the_end(codec: Codec) -> None:
    (row,) = codec.encode(["</s>storm </s><pad> came"], "en", "es")
    assert row.index(codec.end) == len(row) - 1
    assert "<pad>" not in row
    assert "storm" in codec.decode(row)


def test_there_and_back(codec: Codec) -> None:
    (row,) = codec.encode(["Two ferries reached the northern islands."], "en", "es")
    assert codec.decode(row).endswith("Two ferries reached the northern islands.")


def test_the_count_is_the_length(codec: Codec) -> None:
    texts = ["Two ferries.", "x"]
    assert codec.count(texts) == [len(row) for row in codec.encode(texts, "en", "es")]


def test_a_marian_gets_quotation_marks_in_the_form_it_knows(tiny: Callable[[str], Model]) -> None:
    codec = codec_of(tiny("marian"))
    curly, plain = codec.encode(["“storm’s”", '"storm\'s"'], "en", "es")
    assert curly == plain


def test_a_lower_limit_is_kept_and_a_higher_one_is_not(tiny: Callable[[str], Model]) -> None:
    assert codec_of(tiny("marian"), max_source_tokens=20).max_source_tokens == 20
    assert codec_of(tiny("marian"), max_source_tokens=999).max_source_tokens == 64


@given(text=st.text(alphabet=st.characters(codec="utf-8")))
def test_every_text_has_tokens(codec: Codec, text: str) -> None:
    (row,) = codec.encode([text], "en", "es")
    assert row.index(codec.end) == len(row) - 1
    assert all(isinstance(number, int) for number in codec.to_ids(row))
