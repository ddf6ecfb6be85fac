"""Translation on transformers: the reference engine."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import torch
from transformers import AutoModelForSeq2SeqLM
from transformers.utils import logging as transformers_logging

from models.codec import Codec
from models.engine import Output, check_lengths, target_limit


class HuggingFaceTranslator:
    """A sequence-to-sequence model of any family from a local folder, in float32 on the CPU."""

    def __init__(self, folder: Path, codec: Codec, *, beams: int, threads: int) -> None:
        """Load the folder's weights; safetensors only, nothing from the network, no code of theirs.

        Raises OSError or ValueError where they cannot be loaded.
        """
        torch.set_num_threads(threads)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._codec = codec
        self._beams = beams
        # Any: the types of `generate` say less than it gives.
        self._model: Any = AutoModelForSeq2SeqLM.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
        )  # from_pretrained leaves it in evaluation mode
        # A forced end token would hide that the length limit stopped the decoder.
        self._model.generation_config.forced_eos_token_id = None
        self._eos = cast(int, self._model.config.eos_token_id)
        self._pad = cast(int, self._model.config.pad_token_id)

    @property
    def max_source_tokens(self) -> int:
        """The codec's limit."""
        return self._codec.max_source_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text with its special tokens."""
        return self._codec.count(texts)

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[Output]:
        """Translate a batch; ValueError for a text over `max_source_tokens`."""
        encoded = self._codec.encode(texts, source, target)
        rows = [self._codec.to_ids(tokens) for tokens in encoded]
        check_lengths(rows, self.max_source_tokens)
        if not rows:
            return []
        longest = max(len(row) for row in rows)
        inputs = torch.tensor([row + [self._pad] * (longest - len(row)) for row in rows])
        limits = [target_limit(len(row), self._codec.positions) for row in rows]
        forced = self._codec.to_ids(self._codec.prefix(target))
        with torch.inference_mode():
            given = self._model.generate(
                input_ids=inputs,
                attention_mask=(inputs != self._pad).long(),
                num_beams=self._beams,
                max_new_tokens=max(limits),
                bad_words_ids=[[self._pad]],
                forced_bos_token_id=forced[0] if forced else None,
                return_dict_in_generate=True,
                output_scores=True,
            )
            tokens = given.sequences[:, 1:]  # without the start token
            scores = self._model.compute_transition_scores(
                given.sequences,
                given.scores,
                given.beam_indices if self._beams > 1 else None,
                normalize_logits=self._beams == 1,
            )
        return [
            self._output(row, of_row, limit)
            for row, of_row, limit in zip(tokens, scores, limits, strict=True)
        ]

    def _output(self, tokens: torch.Tensor, scores: torch.Tensor, limit: int) -> Output:
        ends = (tokens == self._eos).nonzero()
        ended = len(ends) > 0
        # A row's own limit, not its batch's: what comes out does not depend on the company.
        length = min(int(ends[0]) + 1 if ended else int((tokens != self._pad).sum()), limit)
        text = self._codec.decode(self._codec.from_ids(tokens[:length].tolist()))
        score = float(scores[:length].mean()) if length else None
        return Output(text, score, truncated=not ended or int(ends[0]) >= limit)
