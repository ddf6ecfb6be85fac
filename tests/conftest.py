"""What several tests share."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"


@pytest.fixture
def seed_article() -> str:
    path = DATA / "articles" / "venezuela.txt"
    if not path.exists():
        pytest.skip(f"the seed article is not at {path}")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def article() -> str:
    return (ROOT / "docs" / "article.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def tiny_marian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real Marian model, untrained, with a SentencePiece vocabulary of the demo article."""
    import torch
    from sentencepiece import SentencePieceProcessor, SentencePieceTrainer
    from transformers import MarianConfig, MarianMTModel

    folder = tmp_path_factory.mktemp("tiny-marian")
    SentencePieceTrainer.train(
        input=str(ROOT / "docs" / "article.txt"),
        model_prefix=str(folder / "source"),
        vocab_size=240,
        bos_id=-1,
        eos_id=0,
        unk_id=1,
        minloglevel=2,
    )
    (folder / "source.model").rename(folder / "source.spm")
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    pieces = SentencePieceProcessor(model_file=str(folder / "source.spm"))
    size = pieces.get_piece_size()
    vocabulary = {pieces.id_to_piece(index): index for index in range(size)} | {"<pad>": size}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "MarianTokenizer", "source_lang": "en", "target_lang": "es"})
    )
    torch.manual_seed(1)
    config = MarianConfig(
        vocab_size=size + 1,
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        max_position_embeddings=64,
        pad_token_id=size,
        eos_token_id=0,
        forced_eos_token_id=0,
        decoder_start_token_id=size,
    )
    MarianMTModel(config).save_pretrained(folder)
    return folder
