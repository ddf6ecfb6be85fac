"""Translation on CTranslate2: the fast engine. Its process never imports torch."""

from collections.abc import Sequence
from pathlib import Path

import ctranslate2

from models.codec import Codec
from models.engine import Output, check_lengths, target_limit


class CTranslate2Translator:
    """A model that `models.convert` has converted, with the codec of the folder it was made from."""

    def __init__(
        self, folder: Path, codec: Codec, *, beams: int, threads: int, compute_type: str
    ) -> None:
        """Load the converted folder on the CPU; RuntimeError or ValueError where it cannot be."""
        self._codec = codec
        self._beams = beams
        self._translator = ctranslate2.Translator(
            str(folder), device="cpu", compute_type=compute_type, intra_threads=threads
        )

    @property
    def max_source_tokens(self) -> int:
        """The codec's limit."""
        return self._codec.max_source_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text with its special tokens."""
        return self._codec.count(texts)

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[Output]:
        """Translate a batch; ValueError for a text over `max_source_tokens`."""
        rows = self._codec.encode(texts, source, target)
        check_lengths(rows, self.max_source_tokens)
        if not rows:
            return []
        limits = [target_limit(len(row), self._codec.positions) for row in rows]
        prefix = self._codec.prefix(target)
        results = self._translator.translate_batch(
            rows,
            [prefix] * len(rows) if prefix else None,
            beam_size=self._beams,
            max_input_length=0,  # its default cuts silently
            max_decoding_length=max(limits),
            return_end_token=True,
            return_scores=True,
        )
        return [
            self._output(result.hypotheses[0], result.scores[0], limit)
            for result, limit in zip(results, limits, strict=True)
        ]

    def _output(self, tokens: list[str], score: float, limit: int) -> Output:
        ended = tokens[-1:] == [self._codec.end] and len(tokens) <= limit
        # A row's own limit, not its batch's: what comes out does not depend on the company.
        return Output(self._codec.decode(tokens[:limit]), score, truncated=not ended)
