"""Translation on CTranslate2: the fast engine. Its process never imports torch."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import ctranslate2

from models.catalogue import Model
from models.engines.alignment import Alignment
from models.engines.tokenizer import Codec
from models.engines.translator import (
    PLAIN,
    Decoding,
    Output,
    best_first,
    check_lengths,
    no_repeat_ngram,
    target_limit,
)

WORKERS = 2
"""Batches at once on a processor, each with its share of the threads: ADR 0017 has what that gains."""

_ALIGNED_AT_ONCE = 32
"""Sentences of one batch of `align`."""

_Begun = tuple[Sequence[Any], Sequence[int]]
"""The results of a batch that will come, and their limits in tokens."""


class CTranslate2Translator:
    """A converted model (`models.engines.conversion`), with the tokenizer of its original folder."""

    def __init__(self, folder: Path, codec: Codec, entry: Model, *, threads: int) -> None:
        """Load the converted folder on the entry's device; RuntimeError or ValueError if it cannot be."""
        self._codec = codec
        self._entry = entry
        device, _, index = entry.device.partition(":")
        workers = min(threads, WORKERS) if device == "cpu" else 1
        self._translator = ctranslate2.Translator(
            str(folder),
            device=device,
            device_index=int(index or 0),
            compute_type=entry.compute_type,
            inter_threads=workers,
            intra_threads=threads // workers,
        )

    @property
    def max_source_tokens(self) -> int:
        """The codec's limit."""
        return self._codec.max_source_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text with its special tokens."""
        return self._codec.count(texts)

    def translate(
        self,
        texts: Sequence[str],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> list[Output]:
        """Translate a batch, as `Translator.translate` says."""
        return self._outputs(*self._begin(texts, source, target, decoding))

    @property
    def parallel(self) -> int:
        """The workers of CTranslate2."""
        return cast(int, self._translator.num_translators)

    @property
    def pays_for_padding(self) -> bool:
        """CTranslate2 takes padding out before it computes, and ended texts out of the batch."""
        return False

    def stream(
        self,
        batches: Iterable[Sequence[str]],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> Iterator[list[Output]]:
        """Translate many batches, as `Translator.stream` says: one more is begun than are run."""
        begun: deque[_Begun] = deque()
        for texts in batches:
            begun.append(self._begin(texts, source, target, decoding))
            if len(begun) > self.parallel:
                yield self._outputs(*begun.popleft())
        while begun:
            yield self._outputs(*begun.popleft())

    def _begin(self, texts: Sequence[str], source: str, target: str, decoding: Decoding) -> _Begun:
        """Hand the batch over; what is to come, and the longest that each may get."""
        entry = self._entry
        rows = self._codec.encode(texts, source, target)
        check_lengths(rows, self.max_source_tokens)
        if not rows:
            return [], []
        limits = [target_limit(entry, len(row), self._codec.positions) for row in rows]
        beams = max(entry.beams, decoding.hypotheses)
        coming = self._translator.translate_batch(
            rows,
            [self._codec.prefix(target)] * len(rows),
            beam_size=beams,
            num_hypotheses=beams,
            length_penalty=entry.length_penalty,
            no_repeat_ngram_size=no_repeat_ngram(entry, decoding),
            suppress_sequences=[[self._codec.pad]],
            max_input_length=0,  # its default cuts silently
            min_decoding_length=entry.min_target_tokens,
            max_decoding_length=max(limits),
            return_end_token=True,
            return_scores=True,
            asynchronous=True,
        )
        return coming, limits

    def _outputs(self, coming: Sequence[Any], limits: Sequence[int]) -> list[Output]:
        """Wait for a batch that was begun."""
        return [
            best_first(
                [
                    self._output(tokens, score, limit)
                    for tokens, score in zip(result.hypotheses, result.scores, strict=True)
                ]
            )
            for result, limit in zip((r.result() for r in coming), limits, strict=True)
        ]

    def align(
        self, sources: Sequence[str], translations: Sequence[str], *, source: str, target: str
    ) -> list[Alignment | None]:
        """Align each pair by the attention of the decoder, made to write the translation."""
        codec = self._codec
        prefix = codec.prefix(target)
        pairs = [
            (codec.source_tokens(text), codec.target_tokens(translation))
            for text, translation in zip(sources, translations, strict=True)
        ]
        rows = codec.encode(sources, source, target)
        found: list[Alignment | None] = [None] * len(pairs)
        fitting = [
            number
            for number, (row, (_, theirs)) in enumerate(zip(rows, pairs, strict=True))
            if len(row) <= self.max_source_tokens
            and 0 < len(theirs.tokens) < codec.positions - len(prefix) - 1
        ]
        fitting.sort(key=lambda number: len(pairs[number][1].tokens))
        for start in range(0, len(fitting), _ALIGNED_AT_ONCE):
            batch = fitting[start : start + _ALIGNED_AT_ONCE]
            forced = [[*prefix, *pairs[number][1].tokens] for number in batch]
            results = self._translator.translate_batch(
                [rows[number] for number in batch],
                forced,
                beam_size=1,
                max_input_length=0,
                max_decoding_length=max(map(len, forced)) + 1,
                return_attention=True,
            )
            for number, result in zip(batch, results, strict=True):
                ours, theirs = pairs[number]
                before = len(rows[number]) - len(ours.tokens) - 1
                attention = result.attention[0][len(prefix) :]
                found[number] = Alignment(
                    ours.spans,
                    theirs.spans,
                    [
                        row[before : before + len(ours.tokens)]
                        for row in attention[: len(theirs.tokens)]
                    ],
                )
        return found

    def close(self) -> None:
        """Give the model's memory back; it translates no more."""
        del self._translator  # ends its threads too, after what they have begun

    def _output(self, tokens: list[str], score: float, limit: int) -> Output:
        ended = tokens[-1:] == [self._codec.end] and len(tokens) <= limit
        # A row's own limit, not its batch's: what comes out does not depend on the company.
        # CTranslate2 gives the logarithm of the whole over length ** length_penalty.
        mean = score * len(tokens) ** (self._entry.length_penalty - 1)
        return Output(self._codec.decode(tokens[:limit]), mean, truncated=not ended)
