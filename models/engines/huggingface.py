"""Translation on transformers: the reference engine."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import torch
from transformers import AutoModelForSeq2SeqLM, GenerationConfig
from transformers.utils import logging as transformers_logging

from models.catalogue import Model
from models.engines.alignment import Alignment, alignment_layer
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


class HuggingFaceTranslator:
    """A sequence-to-sequence model of any family from a local folder."""

    def __init__(self, folder: Path, codec: Codec, entry: Model, *, threads: int) -> None:
        """Load the folder's weights onto the entry's device, in its type.

        Safetensors only, nothing from the network, no code of theirs.

        Raises OSError or ValueError where they cannot be loaded.
        """
        torch.set_num_threads(threads)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._codec = codec
        self._entry = entry
        # Any: the types of `generate` say less than it gives.
        self._model: Any = AutoModelForSeq2SeqLM.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=getattr(torch, entry.compute_type),
        ).to(entry.device)  # from_pretrained leaves it in evaluation mode
        config = self._model.generation_config
        self._eos = cast(int, config.eos_token_id)
        self._pad = cast(int, config.pad_token_id)
        # Nothing else of the folder's: how to decode is the catalogue's word, the first tokens are the
        # codec's, and a forced end would hide that the length limit stopped the decoder.
        self._model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
            decoder_start_token_id=config.decoder_start_token_id,
            eos_token_id=self._eos,
            pad_token_id=self._pad,
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
        entry = self._entry
        rows = [self._codec.to_ids(row) for row in self._codec.encode(texts, source, target)]
        check_lengths(rows, self.max_source_tokens)
        if not rows:
            return []
        longest = max(len(row) for row in rows)
        inputs = torch.tensor(
            [row + [self._pad] * (longest - len(row)) for row in rows], device=entry.device
        )
        limits = [target_limit(entry, len(row), self._codec.positions) for row in rows]
        first = self._codec.to_ids(self._codec.prefix(target))
        beams = max(entry.beams, decoding.hypotheses)
        with torch.inference_mode():
            given = self._model.generate(
                input_ids=inputs,
                attention_mask=(inputs != self._pad).long(),
                num_beams=beams,
                num_return_sequences=beams,
                length_penalty=entry.length_penalty,
                early_stopping=beams > 1,  # at the first n ends of n beams, as CTranslate2 does
                min_new_tokens=entry.min_target_tokens,
                max_new_tokens=max(limits),
                no_repeat_ngram_size=no_repeat_ngram(entry, decoding),
                bad_words_ids=[[self._pad]],
                forced_bos_token_id=first[0] if first else None,
                renormalize_logits=True,  # over what is allowed, as CTranslate2 does
                return_dict_in_generate=True,
                output_scores=True,
            )
            tokens = given.sequences[:, 1:]  # without the start token
            scores = self._model.compute_transition_scores(
                given.sequences, given.scores, given.beam_indices if beams > 1 else None
            )
        outputs = [
            self._output(row, of_row, limits[index // beams])
            for index, (row, of_row) in enumerate(zip(tokens, scores, strict=True))
        ]
        return [
            best_first(outputs[start : start + beams]) for start in range(0, len(outputs), beams)
        ]

    @property
    def parallel(self) -> int:
        """One: torch has all the threads."""
        return 1

    @property
    def pays_for_padding(self) -> bool:
        """It computes every position of a batch, until its last text has ended."""
        return True

    def stream(
        self,
        batches: Iterable[Sequence[str]],
        *,
        source: str,
        target: str,
        decoding: Decoding = PLAIN,
    ) -> Iterator[list[Output]]:
        """Translate many batches, one after the other."""
        for texts in batches:
            yield self.translate(texts, source=source, target=target, decoding=decoding)

    def align(
        self, sources: Sequence[str], translations: Sequence[str], *, source: str, target: str
    ) -> list[Alignment | None]:
        """Align each pair by the attention of the decoder, made to write the translation."""
        return [
            self._align(text, translation, source, target)
            for text, translation in zip(sources, translations, strict=True)
        ]

    def _align(self, text: str, translation: str, source: str, target: str) -> Alignment | None:
        codec, model = self._codec, self._model
        ours, theirs = codec.source_tokens(text), codec.target_tokens(translation)
        row, prefix = codec.encode([text], source, target)[0], codec.prefix(target)
        length = len(prefix) + len(theirs.tokens) + 1
        if len(row) > self.max_source_tokens or not theirs.tokens or length > codec.positions:
            return None
        forced = codec.to_ids([*prefix, *theirs.tokens])
        device = self._entry.device
        model.set_attn_implementation("eager")  # the others do not tell their attention
        with torch.inference_mode():
            given = model(
                input_ids=torch.tensor([codec.to_ids(row)], device=device),
                decoder_input_ids=torch.tensor(
                    [[model.generation_config.decoder_start_token_id, *forced]], device=device
                ),
                output_attentions=True,
                use_cache=False,
            )
        layers = given.cross_attentions
        attention = layers[alignment_layer(self._entry.alignment_layer, len(layers))]
        before = len(row) - len(ours.tokens) - 1
        weights = attention[0].mean(0)[
            len(prefix) : len(prefix) + len(theirs.tokens), before : before + len(ours.tokens)
        ]
        return Alignment(ours.spans, theirs.spans, weights.tolist())

    def close(self) -> None:
        """Give the model's memory back; it translates no more."""
        del self._model

    def _output(self, tokens: torch.Tensor, scores: torch.Tensor, limit: int) -> Output:
        ends = (tokens == self._eos).nonzero()
        ended = len(ends) > 0
        # A row's own limit, not its batch's: what comes out does not depend on the company.
        length = min(int(ends[0]) + 1 if ended else int((tokens != self._pad).sum()), limit)
        text = self._codec.decode(self._codec.from_ids(tokens[:length].tolist()))
        score = float(scores[:length].mean()) if length else None
        return Output(text, score, truncated=not ended or int(ends[0]) >= limit)
