"""The transformers engine: the reference that CTranslate2 is compared with."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
from transformers import AutoModelForSeq2SeqLM, GenerationConfig
from transformers.utils import logging as transformers_logging

from models.catalogue import Model
from models.engines.alignment import Weights, alignment_layer
from models.engines.seq2seq import Batch, Hypothesis, Seq2SeqTranslator
from models.engines.tokenizer import ModelTokenizer


class HuggingFaceTranslator(Seq2SeqTranslator):
    """A sequence-to-sequence model of any family, from a local folder."""

    def __init__(
        self, folder: Path, tokenizer: ModelTokenizer, model: Model, *, threads: int
    ) -> None:
        """Load a folder on the model's device, in its compute type.

        Only safetensors are loaded, nothing from the network, and no code from the folder. Raises OSError
        or ValueError if it cannot be loaded.
        """
        super().__init__(tokenizer, model)
        torch.set_num_threads(threads)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        # Any: the annotations of `generate` do not cover what it returns.
        self._model: Any = AutoModelForSeq2SeqLM.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=getattr(torch, model.compute_type),
        ).to(model.device)  # from_pretrained leaves it in evaluation mode
        config = self._model.generation_config
        self._eos = cast(int, config.eos_token_id)
        self._pad = cast(int, config.pad_token_id)
        # Drop the folder's other generation settings: the catalogue says how to decode, the tokenizer which
        # tokens come first, and a forced end token would hide that the length limit was reached.
        self._model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
            decoder_start_token_id=config.decoder_start_token_id,
            eos_token_id=self._eos,
            pad_token_id=self._pad,
        )

    @property
    def parallel_batches(self) -> int:
        """One, which uses all threads."""
        return 1

    @property
    def pays_for_padding(self) -> bool:
        """True: every position of a batch is computed until its last text has ended."""
        return True

    def close(self) -> None:
        """Free the model's memory. The translator cannot be used afterwards."""
        del self._model

    def _decode(self, batch: Batch) -> Callable[[], list[Sequence[Hypothesis]]]:
        return partial(self._generate, batch)

    def _generate(self, batch: Batch) -> list[Sequence[Hypothesis]]:
        rows = [self._tokenizer.to_ids(row) for row in batch.rows]
        longest = max(len(row) for row in rows)
        inputs = self._tensor([row + [self._pad] * (longest - len(row)) for row in rows])
        prefix = self._tokenizer.to_ids(batch.target_prefix)
        beams = batch.beams
        with torch.inference_mode():
            generated = self._model.generate(
                input_ids=inputs,
                attention_mask=(inputs != self._pad).long(),
                num_beams=beams,
                num_return_sequences=beams,
                length_penalty=self._entry.length_penalty,
                early_stopping=beams
                > 1,  # once as many hypotheses as beams ended, as CTranslate2 does
                min_new_tokens=self._entry.min_target_tokens,
                max_new_tokens=max(batch.target_limits),
                no_repeat_ngram_size=batch.no_repeat_ngram,
                bad_words_ids=[[self._pad]],
                forced_bos_token_id=prefix[0] if prefix else None,
                renormalize_logits=True,  # over the allowed tokens, as CTranslate2 does
                return_dict_in_generate=True,
                output_scores=True,
            )
            ids = generated.sequences[:, 1:]  # without the start token
            scores = self._model.compute_transition_scores(
                generated.sequences, generated.scores, generated.beam_indices if beams > 1 else None
            )
        hypotheses = [
            self._hypothesis(ids[row], scores[row], batch.target_limits[row // beams])
            for row in range(len(ids))
        ]
        return [hypotheses[row : row + beams] for row in range(0, len(hypotheses), beams)]

    def _attention(
        self, rows: Sequence[Sequence[str]], targets: Sequence[Sequence[str]]
    ) -> Iterable[Weights]:
        start_token = self._model.generation_config.decoder_start_token_id
        self._model.set_attn_implementation("eager")  # the others do not return attention
        for row, forced in zip(rows, targets, strict=True):
            with torch.inference_mode():
                output = self._model(
                    input_ids=self._tensor([self._tokenizer.to_ids(row)]),
                    decoder_input_ids=self._tensor(
                        [[start_token, *self._tokenizer.to_ids(forced)]]
                    ),
                    output_attentions=True,
                    use_cache=False,
                )
            layers = output.cross_attentions
            layer = layers[alignment_layer(self._entry.alignment_layer, len(layers))]
            yield layer[0].mean(0).tolist()

    def _tensor(self, rows: list[list[int]]) -> torch.Tensor:
        return torch.tensor(rows, device=self._entry.device)

    def _hypothesis(self, ids: torch.Tensor, scores: torch.Tensor, limit: int) -> Hypothesis:
        """Return the tokens up to the end token or the limit, with their mean score."""
        ends = (ids == self._eos).nonzero()
        length = int(ends[0]) + 1 if len(ends) else int((ids != self._pad).sum())
        length = min(length, limit)
        score = float(scores[:length].mean()) if length else None
        return self._tokenizer.from_ids(ids[:length].tolist()), score
