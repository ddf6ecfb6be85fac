"""Write the folder that Dragoman loads: weights, tokenizer, configurations, and their hashes."""

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from transformers import GenerationConfig, MarianMTModel, MarianTokenizer

FILES = (
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "source.spm",
    "target.spm",
    "vocab.json",
    "tokenizer_config.json",
)


def export(model: MarianMTModel, vocabulary: Path, folder: Path) -> None:
    """Save the model in float16 with the tokenizer whose files are in `vocabulary`.

    `from_pretrained` of transformers and CTranslate2's stock converter load the folder as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("source.spm", "target.spm", "vocab.json"):
        (folder / name).write_bytes((vocabulary / name).read_bytes())
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "MarianTokenizer",
                "source_lang": "en",
                "target_lang": "es",
                "separate_vocabs": False,
                "model_max_length": 512,
                "unk_token": "<unk>",
                "eos_token": "</s>",
                "pad_token": "<pad>",
            },
            indent=2,
        )
        + "\n",
        encoding="utf-8",
    )
    pad = model.config.pad_token_id
    model.generation_config = GenerationConfig(
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=pad,
        decoder_start_token_id=pad,
        bad_words_ids=[[pad]],
    )
    dtype = model.dtype
    model.half().save_pretrained(folder)
    model.to(dtype)
    write_hashes(folder)


def write_hashes(folder: Path) -> None:
    """Write `SHA256SUMS` over the folder's files, in the format of `sha256sum`."""
    lines = [
        f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}" for name in FILES
    ]
    (folder / "SHA256SUMS").write_text("\n".join(lines) + "\n", encoding="utf-8")


def translator(
    tokenizer: MarianTokenizer, model: MarianMTModel, beams: int = 1
) -> Callable[[Sequence[str]], list[str]]:
    """A function from sentences to translations, in batches of like lengths, on a CPU."""
    pad = model.config.pad_token_id

    @torch.inference_mode()
    def translate(sources: Sequence[str]) -> list[str]:
        model.eval()
        order = sorted(range(len(sources)), key=lambda index: -len(sources[index]))
        outputs = [""] * len(sources)
        for start in range(0, len(order), 64):
            group = order[start : start + 64]
            batch = tokenizer(
                [sources[index] for index in group],
                return_tensors="pt",
                padding=True,
                truncation=True,
                max_length=512,
            )
            given = model.generate(
                **batch,
                num_beams=beams,
                max_new_tokens=2 * batch["input_ids"].shape[1] + 10,
                bad_words_ids=[[pad]],
            )
            texts = tokenizer.batch_decode(given, skip_special_tokens=True)
            for index, text in zip(group, texts, strict=True):
                outputs[index] = text
        return outputs

    return translate
