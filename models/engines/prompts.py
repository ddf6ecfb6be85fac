"""Prompts: how each kind of language model is asked for a translation, a summary or a correction.

| style | models | source |
| --- | --- | --- |
| `instruct` | any that follows instructions | |
| `translategemma` | TranslateGemma | model card: one content with both language codes |
| `hy-mt` | Hy-MT2, HY-MT1.5 | README, "Default Translation": no system message |
| `salamandra` | SalamandraTA | model card and usage guide |
| `tower` | EuroLLM, Tower+ | model cards |
| `gemmax2` | GemmaX2-28 v0.2, MiLMMT-46 | model card: a text to complete |
| `seed-x` | Seed-X | README: a text to complete, whose last token is the language |

Languages are named in English, as all of these were trained.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from babel import Locale, UnknownLocaleError

from models.catalogue import Model, Style

Message = Mapping[str, Any]
Prompt = Sequence[Message] | str
"""Messages for a chat template, or a text to complete."""

_SUMMARIZE = (
    "Summarize the following news article in {language}, in about {words} words of plain text. Write "
    "complete sentences, and only what the article says: every number and name as it is there. Answer "
    "with the summary alone, without a title, a list or a comment.\n\n{text}"
)
_HEADLINE_WORDS = 20
"""Up to this many words, one sentence is asked for."""
_ONE_SENTENCE = (
    "Say what the following news article reports in one sentence in {language}, of at most {words} words. "
    "Write only what the article says: every number and name as it is there. Answer with the sentence "
    "alone.\n\n{text}"
)
_CORRECT = (
    "Your answer has these problems: {problems}\nTranslate the text again without them. Answer with the "
    "translation alone."
)


@dataclass(frozen=True, slots=True)
class PromptStyle:
    """The prompts of one kind of model.

    `translate` has `{source}` and `{target}`, the languages, and `{text}`. A `chat` model can be asked again
    if it `corrects`. `stop` are texts that end a completion. `terms` comes before the prompt where a glossary
    has `{terms}` of the text, each a line of the form `term`; `guide` where the entry has a `{guide}`, and
    `context` where the sentences `{before}` the text are told. Each is empty for a model without a place for
    it.
    """

    translate: str
    kind: Literal["chat", "structured", "completion"] = "chat"
    corrects: bool = True
    stop: tuple[str, ...] = ()
    terms: str = ""
    term: str = "{source} → {target}"
    guide: str = ""
    context: str = ""


_LABELLED = "{source}: {text}\n{target}:"
STYLES: Mapping[Style, PromptStyle] = {
    "instruct": PromptStyle(
        "Translate the following news text from {source} into {target}. Keep every number, name, address "
        "and quotation mark. Answer with the translation alone, without an explanation.\n\n{text}",
        terms="Translate these terms as follows:\n{terms}\n\n",
        guide="Follow this style:\n{guide}\n\n",
        context="These sentences come before the text. Do not translate them:\n{before}\n\n",
    ),
    "translategemma": PromptStyle("{text}", "structured", corrects=False),
    "hy-mt": PromptStyle(
        "Translate the following text into {target}. Note that you should only output the translated "
        "result without any additional explanation:\n\n{text}",
        terms="Reference the following translations:\n{terms}\n\n",
        term="{source} translates to {target}",
    ),
    "salamandra": PromptStyle(
        "Translate the following text from {source} into {target}.\n" + _LABELLED
    ),
    "tower": PromptStyle(
        "Translate the following {source} source text to {target}:\n" + _LABELLED + " "
    ),
    "gemmax2": PromptStyle(
        "Translate this from {source} to {target}:\n" + _LABELLED,
        "completion",
        corrects=False,
        stop=("\n",),
    ),
    "seed-x": PromptStyle(
        "Translate the following {source} sentence into {target}:\n{text} <{code}>",
        "completion",
        corrects=False,
    ),
}


def style_of(model: Model) -> PromptStyle:
    """Return the style of a language model."""
    return STYLES[model.style or "instruct"]


def translation_prompt(
    model: Model,
    text: str,
    source: str,
    target: str,
    terms: Sequence[tuple[str, str]] = (),
    before: str = "",
) -> Prompt:
    """Return what asks the model to translate a text, with the terms in it and what comes `before` it."""
    style = style_of(model)
    if style.kind == "structured":
        content = {
            "type": "text",
            "source_lang_code": model.language_code(source),
            "target_lang_code": model.language_code(target),
            "text": text,
        }
        return [{"role": "user", "content": [content]}]
    asked = style.translate.format(
        source=language_name(model, source),
        target=language_name(model, target),
        code=target,
        text=text,
    )
    said = text.casefold()
    lines = [style.term.format(source=a, target=b) for a, b in terms if a.casefold() in said]
    if lines and style.terms:
        asked = style.terms.format(terms="\n".join(lines)) + asked
    if before:
        asked = style.context.format(before=before) + asked
    if model.guide:
        asked = style.guide.format(guide=model.guide) + asked
    return asked if style.kind == "completion" else [_user(asked)]


def summary_prompt(model: Model, text: str, language: str, words: int) -> Prompt:
    """Return what asks the model for a summary of about so many words."""
    wording = _ONE_SENTENCE if words <= _HEADLINE_WORDS else _SUMMARIZE
    asked = wording.format(language=language_name(model, language), words=words, text=text)
    return asked if style_of(model).kind == "completion" else [_user(asked)]


def correction_prompt(asked: Prompt, answer: str, problems: Sequence[str]) -> Prompt:
    """Return what asks the model to translate again, and names the problems of its answer."""
    assert not isinstance(asked, str), "A text to complete has no second turn."
    correction = _CORRECT.format(problems=" ".join(problems))
    return [*asked, {"role": "assistant", "content": answer}, _user(correction)]


_CONTROL_TOKEN = re.compile(
    r"<(?=[|｜][^<>\n]{1,40}[|｜]>|/?s>|(?:start|end)_of_turn>|(?:bos|eos|pad|unk)>|/?think>)"
    r"|\[(?=/?INST\])"
)


def without_control_tokens(text: str) -> str:
    """Return the text with a space inside what a tokenizer may read as a control token: `<|im_end|>`."""
    return _CONTROL_TOKEN.sub(lambda found: f"{found[0]} ", text)


def with_control_tokens(answer: str, text: str) -> str:
    """Remove those spaces from an answer about `text`."""
    if not _CONTROL_TOKEN.search(text):
        return answer
    return re.sub(r"([<\[]) (?=[|｜/\w][^<>\[\]\n]{0,42}[>\]])", r"\1", answer)


@cache
def _english_name(language: str) -> str:
    try:
        return Locale.parse(language).english_name or language
    except (UnknownLocaleError, ValueError):
        return language


def language_name(model: Model, language: str) -> str:
    """Return the English name of a language; an entry's `codes` can have another."""
    return model.codes.get(language) or _english_name(language)


def _user(content: str) -> Message:
    return {"role": "user", "content": content}
