"""Language models on transformers: the family `causal`, from a local folder."""

from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig
from transformers.utils import logging as transformers_logging

from models.catalogue import Model
from models.engines.instructed import (
    SUMMARY_TOKENS,
    TARGET_ALLOWANCE,
    TARGET_RATIO,
    Answer,
    InstructedTranslator,
    Question,
)
from models.engines.prompts import Prompt, style_of
from models.engines.translator import PLAIN, Usage


class CausalTranslator(InstructedTranslator):
    """A language model of any architecture that transformers itself has."""

    def __init__(self, folder: Path, model: Model, *, threads: int) -> None:
        """Load a folder on the model's device, in its compute type.

        Only safetensors are loaded, nothing from the network, and no code from the folder. Raises OSError
        or ValueError if it cannot be loaded, or has no chat template and its style needs one.
        """
        super().__init__(model)
        torch.set_num_threads(threads)
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        # Any: the annotations of tokenizers and of `generate` do not cover what they return.
        self._tokenizer: Any = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, padding_side="left"
        )
        self._style = style_of(model)
        if self._style.kind != "completion" and self._tokenizer.chat_template is None:
            raise ValueError(
                "its tokenizer has no chat template: set the entry's `style` to one without"
            )
        self._model: Any = AutoModelForCausalLM.from_pretrained(
            folder,
            local_files_only=True,
            use_safetensors=True,
            dtype=getattr(torch, model.compute_type),
        ).to(model.device)  # type: ignore[arg-type]
        config = self._model.generation_config
        ends = config.eos_token_id if config.eos_token_id is not None else []
        self._ends = {self._tokenizer.eos_token_id, *(ends if isinstance(ends, list) else [ends])}
        self._pad = cast(int, self._tokenizer.pad_token_id)
        if self._pad is None:
            self._pad = self._tokenizer.eos_token_id
        # Drop the folder's sampling settings: a translation is the most likely one, every time.
        self._model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
            eos_token_id=sorted(self._ends), pad_token_id=self._pad, do_sample=False
        )
        self._positions: int = self._model.config.get_text_config().max_position_embeddings
        source, target = ([*languages, "en"][0] for languages in (model.source, model.target))
        self._frame = len(self._ids(self._prompt("", source, target, PLAIN)))

    @property
    def max_source_tokens(self) -> int:
        """The entry's, else what leaves room for the longest answer; the prompt is counted."""
        answer = self._entry.max_target_tokens
        if self._entry.task == "summarize":
            answer = answer or SUMMARY_TOKENS
        if answer is not None:
            most = self._positions - answer
        else:
            free = self._positions - self._frame - TARGET_ALLOWANCE
            most = self._frame + free // (1 + TARGET_RATIO)
        return min(most, self._entry.max_source_tokens or most)

    @property
    def parallel_batches(self) -> int:
        """One, which uses all threads."""
        return 1

    @property
    def pays_for_padding(self) -> bool:
        """True: every position of a batch is computed until its last text has ended."""
        return True

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the length of each text's prompt in tokens."""
        return [self._frame + len(self._plain_ids(text)) for text in texts]

    def close(self) -> None:
        """Free the model's memory. The translator cannot be used afterwards."""
        del self._model

    def _limit(self, text: str) -> int:
        if self._entry.max_target_tokens is not None:
            return self._entry.max_target_tokens
        if self._entry.task == "summarize":
            return SUMMARY_TOKENS
        return TARGET_RATIO * len(self._plain_ids(text)) + TARGET_ALLOWANCE

    def _answers(
        self, batches: Iterable[Sequence[Question]]
    ) -> Generator[list[Answer], None, None]:
        for questions in batches:
            yield self._generate(questions) if questions else []

    def _generate(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer a batch, padded on the left, so that every answer begins at the same position."""
        prompts = [self._ids(question.prompt) for question in questions]
        longest = max(map(len, prompts))
        rows = [[self._pad] * (longest - len(ids)) + ids for ids in prompts]
        masks = [[0] * (longest - len(ids)) + [1] * len(ids) for ids in prompts]
        stop = list(self._style.stop)
        with torch.inference_mode():
            generated = self._model.generate(
                input_ids=torch.tensor(rows, device=self._entry.device),
                attention_mask=torch.tensor(masks, device=self._entry.device),
                max_new_tokens=max(question.limit for question in questions),
                min_new_tokens=self._entry.min_target_tokens or None,
                stop_strings=stop or None,
                tokenizer=self._tokenizer if stop else None,
            )
        return [
            self._answer(ids.tolist(), question.limit, len(prompt))
            for ids, question, prompt in zip(
                generated[:, longest:], questions, prompts, strict=True
            )
        ]

    def _answer(self, ids: Sequence[int], limit: int, prompt_tokens: int) -> Answer:
        """Return what was generated up to the end token, a stop text, or the text's own limit."""
        # A row that a stop text has ended has no end token, and is padded to the longest one's length.
        ends = {*self._ends, self._pad}
        end = next((place for place, token in enumerate(ids) if token in ends), len(ids))
        said = cast(
            str, self._tokenizer.decode(ids[: min(end, limit)], skip_special_tokens=True)
        ).lstrip()
        stopped = [place for text in self._style.stop if (place := said.find(text)) >= 0]
        truncated = not stopped and (end == len(ids) or end > limit)
        return Answer(
            said[: min(stopped, default=len(said))],
            truncated,
            Usage(prompt_tokens, min(end if stopped else end + 1, len(ids), limit)),
        )

    def _ids(self, prompt: Prompt) -> list[int]:
        """Return a prompt's tokens, with those of the chat template; thoughts are switched off."""
        if isinstance(prompt, str):
            return cast(list[int], self._tokenizer(prompt)["input_ids"])
        text = self._tokenizer.apply_chat_template(
            list(prompt), tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        return cast(list[int], self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def _plain_ids(self, text: str) -> list[int]:
        return cast(list[int], self._tokenizer(text, add_special_tokens=False)["input_ids"])
