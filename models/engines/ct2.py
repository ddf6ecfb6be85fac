"""The CTranslate2 engine, the default: fast, and its process never imports torch."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

import ctranslate2

from models.catalogue import Model
from models.engines.alignment import Weights
from models.engines.seq2seq import Batch, Hypothesis, Seq2SeqTranslator
from models.engines.tokenizer import ModelTokenizer

MAX_WORKERS = 2
"""Batches decoded at the same time on a CPU, each with its share of the threads (ADR 0017)."""

_ALIGNED_AT_ONCE = 32
"""Batch size of `align`, in sentences."""


class CTranslate2Translator(Seq2SeqTranslator):
    """A model converted by `models.engines.conversion`, with the tokenizer of its original folder."""

    def __init__(
        self, folder: Path, tokenizer: ModelTokenizer, model: Model, *, threads: int
    ) -> None:
        """Load a converted folder on the model's device.

        Raises RuntimeError or ValueError if it cannot be loaded.
        """
        super().__init__(tokenizer, model)
        device, _, index = model.device.partition(":")
        workers = min(threads, MAX_WORKERS) if device == "cpu" else 1
        self._translator = ctranslate2.Translator(
            str(folder),
            device=device,
            device_index=int(index or 0),
            compute_type=model.compute_type,
            inter_threads=workers,
            intra_threads=threads // workers,
        )

    @property
    def parallel_batches(self) -> int:
        """The number of CTranslate2's workers."""
        return cast(int, self._translator.num_translators)

    @property
    def pays_for_padding(self) -> bool:
        """False: CTranslate2 removes padding, and texts that have ended, from a batch."""
        return False

    def close(self) -> None:
        """Free the model's memory, after the batches already submitted."""
        del self._translator

    def _decode(self, batch: Batch) -> Callable[[], Iterator[Sequence[Hypothesis]]]:
        results = self._translator.translate_batch(
            batch.rows,
            [batch.target_prefix] * len(batch.rows),
            beam_size=batch.beams,
            num_hypotheses=batch.beams,
            length_penalty=self._entry.length_penalty,
            no_repeat_ngram_size=batch.no_repeat_ngram,
            suppress_sequences=[[self._tokenizer.pad_token]],
            max_input_length=0,  # the default cuts inputs silently
            min_decoding_length=self._entry.min_target_tokens,
            max_decoding_length=max(batch.target_limits),
            return_end_token=True,
            return_scores=True,
            asynchronous=True,
        )
        return lambda: (
            [
                (tokens, self._mean_score(score, len(tokens)))
                for tokens, score in zip(result.hypotheses, result.scores, strict=True)
            ]
            for result in (pending.result() for pending in results)
        )

    def _attention(
        self, rows: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]
    ) -> Iterable[Weights]:
        for start in range(0, len(rows), _ALIGNED_AT_ONCE):
            forced = targets[start : start + _ALIGNED_AT_ONCE]
            results = self._translator.translate_batch(
                rows[start : start + _ALIGNED_AT_ONCE],
                forced,
                beam_size=1,
                max_input_length=0,
                max_decoding_length=max(map(len, forced)) + 1,
                return_attention=True,
            )
            yield from (result.attention[0] for result in results)

    def _mean_score(self, score: float, tokens: int) -> float:
        """Return the mean log-probability: CTranslate2 divides the sum by tokens ** length_penalty."""
        return float(score * tokens ** (self._entry.length_penalty - 1))
