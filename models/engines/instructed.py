"""Language models that are asked in words: what their engines share."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from models.catalogue import Model
from models.engines.alignment import Alignment
from models.engines.answers import read_answer
from models.engines.prompts import (
    Prompt,
    correction_prompt,
    style_of,
    summary_prompt,
    translation_prompt,
    with_control_tokens,
    without_control_tokens,
)
from models.engines.translator import PLAIN, Decoding, Output, Usage

TARGET_RATIO, TARGET_ALLOWANCE = 3, 64
"""Unless the catalogue says otherwise, a translation has at most this many times its source's tokens, and so
many more: a vocabulary made for English has up to three times as many for the same text in another script."""
SUMMARY_TOKENS = 800
"""The maximum length of a summary, unless the catalogue says otherwise."""
DEFAULT_WORDS = 100
"""The length of a summary for which no length is given."""


@dataclass(frozen=True, slots=True)
class Question:
    """A prompt, and the maximum length of its answer in tokens."""

    prompt: Prompt
    limit: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said; `truncated` if it reached the maximum length."""

    text: str
    truncated: bool
    usage: Usage


class InstructedTranslator(ABC):
    """A `Translator` that asks a language model and reads its answers.

    It decodes greedily: of `Decoding`, the number of words, the terms and the sentences before a text have an
    effect.
    """

    def __init__(self, model: Model) -> None:
        """Ask in the style of this entry."""
        self._entry = model

    @property
    @abstractmethod
    def max_source_tokens(self) -> int:
        """The maximum length of an input in tokens."""

    @property
    @abstractmethod
    def parallel_batches(self) -> int:
        """How many batches are decoded at the same time."""

    @property
    @abstractmethod
    def pays_for_padding(self) -> bool:
        """Whether each text of a batch costs as much as the longest one."""

    @property
    def can_correct(self) -> bool:
        """Whether the model can be asked to correct its answer."""
        return style_of(self._entry).corrects

    @abstractmethod
    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens."""

    def unknown_characters(self, text: str) -> frozenset[str]:  # noqa: ARG002
        """Return no character: the vocabularies of language models have every byte."""
        return frozenset()

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, decoding: Decoding = PLAIN
    ) -> list[Output]:
        """Translate or summarize one batch, in order; raise ValueError if a text is too long."""
        return next(self.stream([texts], source=source, target=target, decoding=decoding))

    def stream(
        self,
        batches: Iterable[Sequence[str]],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> Generator[list[Output], None, None]:
        """Translate or summarize batches in order, asking ahead of the results."""
        begun: deque[Sequence[str]] = deque()

        def questions() -> Iterator[Sequence[Question]]:
            for texts in batches:
                begun.append(texts)
                yield self._questions(texts, source, target, decoding)

        with closing(self._answers(questions())) as found:
            for answers in found:
                yield [
                    self._output(text, answer)
                    for text, answer in zip(begun.popleft(), answers, strict=True)
                ]

    def correct(
        self,
        texts: Sequence[str],
        translations: Sequence[str],
        problems: Sequence[Sequence[str]],
        *,
        source: str,
        target: str,
    ) -> list[Output]:
        """Translate texts again, naming the problems of their translations."""
        questions = [
            Question(correction_prompt(asked.prompt, translation, named), asked.limit)
            for asked, translation, named in zip(
                self._questions(texts, source, target), translations, problems, strict=True
            )
        ]
        with closing(self._answers([questions])) as found:
            return [self._output(*one) for one in zip(texts, next(found), strict=True)]

    def align(
        self,
        sources: Sequence[str],
        translations: Sequence[str],  # noqa: ARG002
        *,
        source: str,  # noqa: ARG002
        target: str,  # noqa: ARG002
    ) -> list[Alignment | None]:
        """Return no alignment: the attention of a language model does not align words."""
        return [None] * len(sources)

    @abstractmethod
    def close(self) -> None:
        """Free the model. The translator cannot be used afterwards."""

    @abstractmethod
    def _answers(
        self, batches: Iterable[Sequence[Question]]
    ) -> Generator[list[Answer], None, None]:
        """Yield the answers of each batch in order; closing the generator cancels the others."""

    @abstractmethod
    def _limit(self, text: str) -> int:
        """Return the maximum length in tokens of the answer about a text."""

    def _questions(
        self, texts: Sequence[str], source: str, target: str, decoding: Decoding = PLAIN
    ) -> list[Question]:
        """Return what to ask about each text; raise ValueError if one is too long."""
        longest = max(self.count_tokens(texts), default=0)
        if longest > self.max_source_tokens:
            raise ValueError(
                f"A text has {longest} tokens, over the limit {self.max_source_tokens}."
            )
        return [
            Question(self._prompt(text, source, target, decoding), self._limit(text))
            for text in texts
        ]

    def _prompt(self, text: str, source: str, target: str, decoding: Decoding) -> Prompt:
        before = without_control_tokens(self._before(text, decoding))
        text = without_control_tokens(text)
        if self._entry.task == "summarize":
            return summary_prompt(self._entry, text, target, decoding.words or DEFAULT_WORDS)
        return translation_prompt(self._entry, text, source, target, decoding.terms, before)

    def _before(self, text: str, decoding: Decoding) -> str:
        """Return the sentences before a text that the entry asks for, as far as there is room for them."""
        told = self._entry.context_sentences
        before = decoding.before.get(text, ())[-told:] if told else ()
        while before and self.count_tokens([" ".join([*before, text])])[0] > self.max_source_tokens:
            before = before[1:]
        return " ".join(before)

    def _output(self, text: str, answer: Answer) -> Output:
        """Read an answer about a text."""
        said = read_answer(with_control_tokens(answer.text, text), text)
        if said is None:
            kept = text if self._entry.task == "translate" else ""
            return Output(kept, refused=True, usage=answer.usage)
        return Output(said, truncated=answer.truncated, usage=answer.usage)
