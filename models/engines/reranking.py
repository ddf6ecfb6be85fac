"""The choice among a beam's ends by the target's language model too.

A translation model that knows too little of its target writes words that do not exist, and its beam has
better ends than the first (ADR 0034).
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from models.engines.alignment import Alignment
from models.engines.translator import (
    PLAIN,
    Decoding,
    Output,
    Translator,
    best_first,
)
from models.language_model import LanguageModel, embedded


class RerankingTranslator:
    """A translator whose outputs are the best by its own score plus `weight` times the language model's.

    Both are mean logarithms, of a piece's and of a word's probability. An output keeps its own score.
    """

    def __init__(self, translator: Translator, weight: float) -> None:
        """Rerank what `translator` gives; a target without a language model stays as it is."""
        self._translator = translator
        self._weight = weight

    @property
    def max_source_tokens(self) -> int:
        """The translator's."""
        return self._translator.max_source_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the translator counts."""
        return self._translator.count_tokens(texts)

    @property
    def parallel(self) -> int:
        """The translator's."""
        return self._translator.parallel

    @property
    def pays_for_padding(self) -> bool:
        """Whether the translator does."""
        return self._translator.pays_for_padding

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, decoding: Decoding = PLAIN
    ) -> list[Output]:
        """Translate a batch, as `Translator.translate` says."""
        return next(self.stream([texts], source=source, target=target, decoding=decoding))

    def stream(
        self,
        batches: Iterable[Sequence[str]],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> Iterator[list[Output]]:
        """Translate many batches, as `Translator.stream` says: the engine decodes while this scores."""
        begun: deque[Sequence[str]] = deque()

        def taken() -> Iterator[Sequence[str]]:
            for texts in batches:
                begun.append(texts)
                yield texts

        language = embedded(target)
        for outputs in self._translator.stream(
            taken(), source=source, target=target, decoding=decoding
        ):
            texts = begun.popleft()
            yield [
                reranked(text, output, language, self._weight) if language else output
                for text, output in zip(texts, outputs, strict=True)
            ]

    def align(
        self, sources: Sequence[str], translations: Sequence[str], *, source: str, target: str
    ) -> list[Alignment | None]:
        """As the translator aligns."""
        return self._translator.align(sources, translations, source=source, target=target)

    def close(self) -> None:
        """Close the translator."""
        self._translator.close()


def reranked(text: str, output: Output, language: LanguageModel, weight: float) -> Output:
    """The output and its alternatives in a new order; one that was cut off comes last."""
    ends = [replace(output, alternatives=()), *output.alternatives]
    if len(ends) == 1 or any(end.score is None for end in ends):
        return output

    def worth(end: Output) -> tuple[bool, float]:
        return not end.truncated, (end.score or 0.0) + weight * language.score(end.text, text)

    return best_first(sorted(ends, key=worth, reverse=True))
