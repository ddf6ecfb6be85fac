"""Write the folder that Dragoman loads: weights, tokenizer, configurations, and their hashes."""

import copy
import json
from pathlib import Path

from transformers import GenerationConfig, MarianMTModel

from models.hub.integrity import sha256, write_hashes
from models.training.direction import Direction

FILES = (
    "config.json",
    "generation_config.json",
    "model.safetensors",
    "source.spm",
    "target.spm",
    "vocab.json",
    "tokenizer_config.json",
)


def export(model: MarianMTModel, direction: Direction, vocabulary: Path, folder: Path) -> None:
    """Save the model in float16 with the tokenizer whose files are in `vocabulary`.

    `from_pretrained` of transformers and `models.engines.ct2_converter` load the folder as it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("source.spm", "target.spm", "vocab.json"):
        (folder / name).write_bytes((vocabulary / name).read_bytes())
    (folder / "tokenizer_config.json").write_text(
        json.dumps(
            {
                "tokenizer_class": "MarianTokenizer",
                "source_lang": direction.source,
                "target_lang": direction.target,
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
    copy.deepcopy(model).cpu().half().save_pretrained(folder)
    write_hashes(folder, {name: sha256(folder / name) for name in FILES})
