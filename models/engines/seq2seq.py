"""What the engines share: sequence-to-sequence models decoded by beam search.

An engine only decodes. Batches are prepared and outputs assembled here, so every engine gives the same
translations.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, replace

from models.catalogue import Model
from models.engines.alignment import Alignment, Weights
from models.engines.tokenizer import ModelTokenizer
from models.engines.translator import PLAIN, Decoding, Output

_TARGET_RATIO = 2
_TARGET_ALLOWANCE = 16
"""Unless the catalogue says otherwise, a target has at most `_TARGET_RATIO` times its source's tokens plus
`_TARGET_ALLOWANCE`. Spanish news has 1.2 times the tokens of its English; far longer output is a decoder
repeating itself."""

Hypothesis = tuple[Sequence[str], float | None]
"""Target tokens with the end token, if it was reached, and their mean log-probability."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch to decode.

    `rows` are the source tokens of each text, `target_limits` the maximum number of target tokens of each;
    `target_prefix` are the tokens that every target begins with.
    """

    rows: list[list[str]]
    target_prefix: list[str]
    target_limits: list[int]
    beams: int
    no_repeat_ngram: int


class Seq2SeqTranslator(ABC):
    """A `Translator` that prepares batches for an engine and assembles its outputs."""

    def __init__(self, tokenizer: ModelTokenizer, model: Model) -> None:
        """Use the model's own tokenizer."""
        self._tokenizer = tokenizer
        self._entry = model

    @property
    def max_source_tokens(self) -> int:
        """The maximum length of an input in tokens, including special tokens."""
        return self._tokenizer.max_source_tokens

    @property
    @abstractmethod
    def parallel_batches(self) -> int:
        """How many batches are decoded at the same time."""

    @property
    @abstractmethod
    def pays_for_padding(self) -> bool:
        """Whether each text of a batch costs as much as the longest one."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text in tokens, including special tokens."""
        return self._tokenizer.count_tokens(texts)

    def unknown_characters(self, text: str) -> frozenset[str]:
        """Return the characters of a text that the tokenizer has no token for."""
        return self._tokenizer.unknown_characters(text)

    def translate(
        self, texts: Sequence[str], *, source: str, target: str, decoding: Decoding = PLAIN
    ) -> list[Output]:
        """Translate one batch, in order; raise ValueError if a text is too long."""
        return self._submit(texts, source, target, decoding)()

    def stream(
        self,
        batches: Iterable[Sequence[str]],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> Generator[list[Output], None, None]:
        """Translate batches in order, with one more submitted than are decoded at the same time."""
        submitted: deque[Callable[[], list[Output]]] = deque()
        for texts in batches:
            submitted.append(self._submit(texts, source, target, decoding))
            if len(submitted) > self.parallel_batches:
                yield submitted.popleft()()
        while submitted:
            yield submitted.popleft()()

    def align(
        self, sources: Sequence[str], translations: Sequence[str], *, source: str, target: str
    ) -> list[Alignment | None]:
        """Align words by the attention of the decoder when it is forced to write the translation."""
        tokenizer = self._tokenizer
        prefix = tokenizer.opening_tokens(target)
        rows = tokenizer.encode(sources, source, target)
        source_tokens = [tokenizer.source_tokens(text) for text in sources]
        target_tokens = [tokenizer.target_tokens(text) for text in translations]
        max_tokens = tokenizer.max_positions - len(prefix) - 2  # without the start and end tokens
        fitting = [
            index
            for index, row in enumerate(rows)
            if len(row) <= self.max_source_tokens
            and 0 < len(target_tokens[index].tokens) <= max_tokens
        ]
        fitting.sort(key=lambda index: len(target_tokens[index].tokens))
        attention = self._attention(
            [rows[index] for index in fitting],
            [[*prefix, *target_tokens[index].tokens] for index in fitting],
        )
        alignments: list[Alignment | None] = [None] * len(rows)
        for index, weights in zip(fitting, attention, strict=True):
            ours, theirs = source_tokens[index], target_tokens[index]
            end = len(rows[index]) - 1  # of the text; the end token follows
            start = end - len(ours.tokens)
            of_text = weights[len(prefix) : len(prefix) + len(theirs.tokens)]
            alignments[index] = Alignment(
                ours.spans, theirs.spans, [row[start:end] for row in of_text]
            )
        return alignments

    @abstractmethod
    def close(self) -> None:
        """Free the model's memory. The translator cannot be used afterwards."""

    @abstractmethod
    def _decode(self, batch: Batch) -> Callable[[], Iterable[Sequence[Hypothesis]]]:
        """Start to decode; the returned function waits for the hypotheses of each row, best first."""

    @abstractmethod
    def _attention(
        self, rows: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]
    ) -> Iterable[Weights]:
        """Yield, for each pair, the attention of each target token to all tokens of the row."""

    def _submit(
        self, texts: Sequence[str], source: str, target: str, decoding: Decoding
    ) -> Callable[[], list[Output]]:
        """Start to translate; the returned function waits for the outputs."""
        batch = self._prepare(texts, source, target, decoding)
        if not batch.rows:
            return list
        decoded = self._decode(batch)
        return lambda: [
            self._assemble(hypotheses, limit)
            for hypotheses, limit in zip(decoded(), batch.target_limits, strict=True)
        ]

    def _prepare(self, texts: Sequence[str], source: str, target: str, decoding: Decoding) -> Batch:
        """Tokenize the texts; raise ValueError if one is too long, because engines cut it silently."""
        model = self._entry
        rows = self._tokenizer.encode(texts, source, target)
        longest = max((len(row) for row in rows), default=0)
        if longest > self.max_source_tokens:
            raise ValueError(
                f"A text has {longest} tokens, over the limit {self.max_source_tokens}."
            )
        no_repeat_ngram = decoding.no_repeat_ngram
        return Batch(
            rows=rows,
            target_prefix=self._tokenizer.opening_tokens(target),
            target_limits=[self._target_limit(len(row)) for row in rows],
            beams=max(model.beams, decoding.hypotheses),
            no_repeat_ngram=model.no_repeat_ngram if no_repeat_ngram is None else no_repeat_ngram,
        )

    def _target_limit(self, source_tokens: int) -> int:
        """Return the maximum number of target tokens for a source, including the end token."""
        by_length = source_tokens * _TARGET_RATIO + _TARGET_ALLOWANCE
        limit = self._entry.max_target_tokens or by_length
        return min(limit, self._tokenizer.max_positions - 1)

    def _assemble(self, hypotheses: Sequence[Hypothesis], limit: int) -> Output:
        """Return the best hypothesis, with the others as its alternatives."""
        best, *others = (self._output(tokens, score, limit) for tokens, score in hypotheses)
        return replace(best, alternatives=tuple(others))

    def _output(self, tokens: Sequence[str], score: float | None, limit: int) -> Output:
        # The limit is the text's own, not its batch's: an output does not depend on the other texts.
        is_complete = tokens[-1:] == [self._tokenizer.end_token] and len(tokens) <= limit
        text = self._tokenizer.decode(tokens[:limit])
        return Output(text, score, truncated=not is_complete)
