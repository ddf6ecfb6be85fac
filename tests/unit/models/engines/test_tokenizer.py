from collections.abc import Callable
from typing import Any

import pytest
import transformers
from hypothesis import given
from hypothesis import strategies as st

from models.catalogue import Model
from models.engines.tokenizer import ModelTokenizer, load_tokenizer
from service.settings import Settings
from tests.tiny import MAKERS


def tokenizer_of(model: Model, **changes: Any) -> ModelTokenizer:
    assert model.folder is not None
    return ModelTokenizer(model.model_copy(update=changes), model.folder)


@pytest.fixture(scope="module", params=MAKERS)
def tokenizer(request: pytest.FixtureRequest, tiny: Callable[[str], Model]) -> ModelTokenizer:
    return tokenizer_of(tiny(request.param))


FORMS = {
    "marian": ([], []),
    "m2m100": (["__en__"], ["__es__"]),
    "nllb": (["eng_Latn"], ["spa_Latn"]),
    "mbart50": (["en_XX"], ["es_XX"]),
    "bart": (["<s>"], ["<s>"]),
    "pegasus": ([], []),
}


@pytest.mark.parametrize("family", FORMS)
def test_languages_are_where_the_family_expects_them(
    tiny: Callable[[str], Model], family: str
) -> None:
    tokenizer = tokenizer_of(tiny(family))
    first, prefix = FORMS[family]
    (row,) = tokenizer.encode(["storm"], "en", "es")
    assert row[: len(first)] == first
    assert row[-1] == tokenizer.end_token
    assert tokenizer.opening_tokens("es") == prefix
    assert tokenizer.from_ids(tokenizer.to_ids(first + prefix)) == first + prefix
    assert tokenizer.decode([*prefix, *row]) == "storm"


def test_a_t5_gets_its_prefix_as_text(tiny: Callable[[str], Model]) -> None:
    tokenizer = tokenizer_of(tiny("t5"))
    (row,) = tokenizer.encode(["storm"], "en", "fr")
    assert tokenizer.decode(row).startswith("translate English to French: ".replace(" ", "")[:1])
    assert tokenizer.decode(row).endswith("storm")


def test_a_marian_of_many_targets_gets_its_code_as_one_token(
    tiny: Callable[[str], Model],
) -> None:
    tokenizer = tokenizer_of(tiny("marian"), prefix=">>{target}<<")
    (row,) = tokenizer.encode([">>es<< storm"], "en", "es")
    assert row[0] == ">>es<<"


def test_only_the_last_token_is_the_end(tokenizer: ModelTokenizer) -> None:
    (row,) = tokenizer.encode(["</s>storm </s><pad> came"], "en", "es")
    assert row.index(tokenizer.end_token) == len(row) - 1
    assert "<pad>" not in row
    assert "storm" in tokenizer.decode(row)


def test_decoding_reverses_encoding(tokenizer: ModelTokenizer) -> None:
    (row,) = tokenizer.encode(["Two ferries reached the northern islands."], "en", "es")
    assert tokenizer.decode(row).endswith("Two ferries reached the northern islands.")


def test_the_count_is_the_number_of_tokens(tokenizer: ModelTokenizer) -> None:
    texts = ["Two ferries.", "x"]
    assert tokenizer.count_tokens(texts) == [
        len(row) for row in tokenizer.encode(texts, "en", "es")
    ]


def test_a_marian_gets_quotation_marks_in_the_form_it_knows(tiny: Callable[[str], Model]) -> None:
    tokenizer = tokenizer_of(tiny("marian"))
    curly, plain = tokenizer.encode(["“storm’s”", '"storm\'s"'], "en", "es")
    assert curly == plain


def test_the_catalogue_can_lower_the_limit_but_not_raise_it(tiny: Callable[[str], Model]) -> None:
    assert tokenizer_of(tiny("marian"), max_source_tokens=20).max_source_tokens == 20
    assert tokenizer_of(tiny("marian"), max_source_tokens=999).max_source_tokens == 64


@given(text=st.text(alphabet=st.characters(codec="utf-8")))
def test_every_text_has_tokens(tokenizer: ModelTokenizer, text: str) -> None:
    (row,) = tokenizer.encode([text], "en", "es")
    assert row.index(tokenizer.end_token) == len(row) - 1
    assert all(isinstance(number, int) for number in tokenizer.to_ids(row))


@pytest.fixture(scope="module", params=["en-es", "es-en"])
def pair(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    """The tokenizer of an embedded model, and transformers' tokenizer of the same folder."""
    folder = Settings().load_catalogue().entry(f"embedded/{request.param}").folder
    assert folder is not None
    return load_tokenizer("marian", folder), transformers.MarianTokenizer.from_pretrained(folder)


def test_the_special_tokens_of_a_marian_are_those_of_transformers(pair: tuple[Any, Any]) -> None:
    names = ("eos_token", "unk_token", "pad_token", "bos_token", "unk_token_id")
    ours, theirs = ([getattr(one, name) for name in names] for one in pair)
    assert ours == theirs


@given(text=st.text(alphabet=st.characters(codec="utf-8")))
def test_the_tokens_of_a_marian_are_those_of_transformers(pair: tuple[Any, Any], text: str) -> None:
    ours, theirs = pair
    tokens = ours.spm_source.encode(text, out_type=str)
    assert tokens == theirs.tokenize(text)
    ids = ours.convert_tokens_to_ids(tokens)
    assert ids == theirs.convert_tokens_to_ids(tokens)
    assert ours.convert_ids_to_tokens(ids) == theirs.convert_ids_to_tokens(ids)
    assert ours.convert_tokens_to_string(tokens) == theirs.convert_tokens_to_string(tokens)
