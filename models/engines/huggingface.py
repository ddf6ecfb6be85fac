"""Translation on transformers: the reference engine."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import torch
from transformers import MarianMTModel, MarianTokenizer
from transformers.utils import logging as transformers_logging

from models.engine import Output

_GROWTH = 2
_ALLOWANCE = 16
"""A translation may have so many times its source's tokens, and so many more. Spanish news has 1.2
times the tokens of its English; what goes far beyond is a decoder in a loop."""

_PLAIN_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'"))
"""Marian models are trained on text whose punctuation Moses's scripts have normalised (OPUS-MT,
Tiedemann and Thottingal 2020), ours too: a curly quotation mark is unknown to them, and gets lost."""


class HuggingFaceTranslator:
    """A `MarianMTModel` with its `MarianTokenizer`, from a local folder, in float32 on the CPU."""

    def __init__(
        self, folder: Path, *, beams: int, threads: int, max_source_tokens: int | None = None
    ) -> None:
        """Load the folder's files; safetensors only, nothing from the network, no code of theirs.

        `max_source_tokens` lowers the limit that the model's positions set.

        Raises OSError or ValueError where they cannot be loaded.
        """
        torch.set_num_threads(threads)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._beams = beams
        self._most = max_source_tokens
        self._tokenizer = MarianTokenizer.from_pretrained(folder, local_files_only=True)
        # Any: the types of `generate` say less than it gives.
        self._model: Any = MarianMTModel.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
        )  # from_pretrained leaves it in evaluation mode
        # A forced end token would hide that the length limit stopped the decoder.
        self._model.generation_config.forced_eos_token_id = None
        self._eos = cast(int, self._model.config.eos_token_id)
        self._pad = cast(int, self._model.config.pad_token_id)

    @property
    def max_source_tokens(self) -> int:
        """The model's positions, or less where it was told so."""
        positions = int(self._model.config.max_position_embeddings)
        return min(positions, self._most or positions)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The length of each text with its end token."""
        return [len(ids) for ids in self._encode(texts)]

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[Output]:
        """Translate a batch; ValueError for a text over `max_source_tokens`."""
        del source, target  # a Marian model of one pair has them in its weights
        rows = self._encode(texts)
        longest = max((len(row) for row in rows), default=0)
        if longest > self.max_source_tokens:
            raise ValueError(
                f"{longest} tokens are over the {self.max_source_tokens} of the model."
            )
        if not rows:
            return []
        inputs = torch.tensor([row + [self._pad] * (longest - len(row)) for row in rows])
        limits = [len(row) * _GROWTH + _ALLOWANCE for row in rows]
        with torch.inference_mode():
            given = self._model.generate(
                input_ids=inputs,
                attention_mask=(inputs != self._pad).long(),
                num_beams=self._beams,
                max_new_tokens=min(
                    max(limits), int(self._model.config.max_position_embeddings) - 1
                ),
                bad_words_ids=[[self._pad]],
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
        text = self._tokenizer.decode(tokens[:length].tolist(), skip_special_tokens=True)
        score = float(scores[:length].mean()) if length else None
        return Output(text.strip(), score, truncated=not ended or int(ends[0]) >= limit)

    def _encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids with the end token. By SentencePiece itself, for which every text is plain.

        The tokenizer's own call would read `>>xx<<` and `</s>` in an article as commands.
        """
        plain = [text.translate(_PLAIN_QUOTES) for text in texts]
        pieces = self._tokenizer.spm_source.encode(plain, out_type=str)
        return [[*self._tokenizer.convert_tokens_to_ids(row), self._eos] for row in pieces]
