"""What language models are asked, in the words of their cards."""

from collections.abc import Sequence
from typing import get_args

import pytest

from models.catalogue import Model, Style
from models.engines.prompts import (
    STYLES,
    Message,
    Prompt,
    correction_prompt,
    language_name,
    translation_prompt,
    with_control_tokens,
    without_control_tokens,
)
from tests.entries import entry


def model(style: str | None = None, **fields: object) -> Model:
    return entry(family="causal", style=style, folder="/m", **fields)


def chat(prompt: Prompt) -> Sequence[Message]:
    assert not isinstance(prompt, str)
    return prompt


def test_every_style_of_the_catalogue_has_a_prompt() -> None:
    assert set(STYLES) == set(get_args(Style))


@pytest.mark.parametrize(
    ("style", "asked"),
    [
        (
            "hy-mt",
            "Translate the following text into Spanish. Note that you should only output the translated "
            "result without any additional explanation:\n\nHello {world}!",
        ),
        (
            "salamandra",
            "Translate the following text from English into Spanish.\nEnglish: Hello {world}!\nSpanish:",
        ),
        (
            "tower",
            "Translate the following English source text to Spanish:\n"
            "English: Hello {world}!\nSpanish: ",
        ),
    ],
)
def test_a_chat_model_is_asked_in_one_message(style: str, asked: str) -> None:
    (message,) = chat(translation_prompt(model(style), "Hello {world}!", "en", "es"))
    assert message == {"role": "user", "content": asked}


@pytest.mark.parametrize(
    ("style", "asked"),
    [
        ("gemmax2", "Translate this from English to Spanish:\nEnglish: Hello!\nSpanish:"),
        ("seed-x", "Translate the following English sentence into Spanish:\nHello! <es>"),
    ],
)
def test_a_completion_model_is_given_a_text(style: str, asked: str) -> None:
    assert translation_prompt(model(style), "Hello!", "en", "es") == asked


@pytest.mark.parametrize(
    ("style", "line"),
    [("instruct", "port → puerto"), ("hy-mt", "port translates to puerto"), ("tower", None)],
)
def test_the_terms_of_a_text_come_before_it(style: str, line: str | None) -> None:
    terms = [("port", "puerto"), ("mayor", "alcalde")]
    (message,) = chat(translation_prompt(model(style), "The Port is shut.", "en", "es", terms))
    assert ("puerto" in message["content"]) == (line is not None)
    assert line is None or line in message["content"].splitlines()
    assert "alcalde" not in message["content"]


def test_the_style_and_the_sentences_before_come_before_the_text() -> None:
    told = model(guide="Write numbers below ten as words.")
    (message,) = chat(translation_prompt(told, "It sank.", "en", "es", before="A ship left."))
    lines = message["content"].splitlines()
    assert lines[:2] == ["Follow this style:", "Write numbers below ten as words."]
    assert lines.index("A ship left.") < lines.index("It sank.")
    assert lines[-1] == "It sank."


@pytest.mark.parametrize("fields", [{"guide": "Be brief."}, {"context_sentences": 2}])
def test_a_style_without_a_place_for_them_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="are for the style `instruct`"):
        model("tower", **fields)


def test_translategemma_is_given_the_languages_beside_the_text() -> None:
    (message,) = chat(translation_prompt(model("translategemma"), "Hello!", "en", "es"))
    assert message["content"] == [
        {"type": "text", "source_lang_code": "en", "target_lang_code": "es", "text": "Hello!"}
    ]


def test_an_entry_can_name_a_language_otherwise() -> None:
    brazilian = model(target=["pt"], codes={"pt": "Portuguese (Brazil)"})
    assert language_name(brazilian, "pt") == "Portuguese (Brazil)"
    assert language_name(brazilian, "en") == "English"
    assert language_name(brazilian, "zz") == "zz"


def test_a_correction_names_the_problems_after_the_first_answer() -> None:
    asked = translation_prompt(model(), "Hello!", "en", "es")
    first, answer, again = chat(correction_prompt(asked, "Adiós", ["“Hello” is missing."]))
    assert (first, answer) == (chat(asked)[0], {"role": "assistant", "content": "Adiós"})
    assert "“Hello” is missing." in again["content"]


@pytest.mark.parametrize(
    "text",
    ["Say <|im_end|> twice.", "A </s> here.", "<start_of_turn>model", "[INST] x [/INST]", "a < b"],
)
def test_what_looks_like_a_control_token_is_text(text: str) -> None:
    sent = without_control_tokens(text)
    assert not any(token in sent for token in ("<|im_end|>", "</s>", "<start_of_turn>", "[INST]"))
    assert with_control_tokens(sent, text) == text
