"""A Marian of the size of opus-mt's with random weights: the work of the real one, and no download."""

import json
import shutil
from pathlib import Path

from models.catalogue import Model

PIECES = 65_001
TARGET_TOKENS = 32
"""What every target is stopped at: Spanish news has about as many in a sentence."""


def make(embedded: Model, folder: Path) -> Model:
    """Write the model to the folder, with the embedded one's tokenizer; its catalogue entry."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    assert embedded.folder is not None
    for name in ("source.spm", "target.spm", "tokenizer_config.json"):
        shutil.copy(embedded.folder / name, folder)
    vocabulary = json.loads((embedded.folder / "vocab.json").read_text(encoding="utf-8"))
    del vocabulary["<pad>"]  # the last, in opus-mt's too
    vocabulary |= {f"<filler{number}>": number for number in range(len(vocabulary), PIECES - 1)}
    vocabulary["<pad>"] = PIECES - 1
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    torch.manual_seed(1)
    config = MarianConfig(
        vocab_size=PIECES,
        d_model=512,
        encoder_layers=6,
        decoder_layers=6,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        encoder_ffn_dim=2048,
        decoder_ffn_dim=2048,
        max_position_embeddings=512,
        activation_function="swish",
        scale_embedding=True,
        eos_token_id=0,
        forced_eos_token_id=0,
        pad_token_id=PIECES - 1,
        decoder_start_token_id=PIECES - 1,
    )
    MarianMTModel(config).save_pretrained(folder)
    return embedded.model_copy(
        update={
            "id": "random/opus-size",
            "folder": folder,
            "min_target_tokens": TARGET_TOKENS,
            "max_target_tokens": TARGET_TOKENS,
        }
    )
