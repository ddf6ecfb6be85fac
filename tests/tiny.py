"""A tiny untrained model of each family: its true classes, a vocabulary trained on the demo article."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from sentencepiece import SentencePieceProcessor, SentencePieceTrainer
from tokenizers import Tokenizer, decoders, pre_tokenizers, trainers
from tokenizers import models as tokenizers_models

from models.catalogue import Model
from tests import entries

TEXT = Path(__file__).parents[1] / "docs" / "article.txt"
POSITIONS = 64
SIZES: dict[str, Any] = {
    "d_model": 32,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 32,
    "decoder_ffn_dim": 32,
    "max_position_embeddings": POSITIONS,
}


def entry(folder: Path, family: str, **fields: Any) -> Model:
    """The catalogue's entry of a tiny model."""
    about = {
        "id": f"tiny/{family}",
        "family": family,
        "device": "cpu",
        "compute_type": "float32",
        "target": ("es", "fr"),
        "folder": folder,
    }
    return entries.entry(**about | fields)


def marian(folder: Path) -> Model:
    pieces = _sentencepiece(folder / "source", eos_id=0, unk_id=1, user_defined_symbols=[">>es<<"])
    shutil.copy(folder / "source.spm", folder / "target.spm")
    vocabulary = pieces | {"<pad>": len(pieces)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "MarianTokenizer", "source_lang": "en", "target_lang": "es"})
    )
    config = transformers.MarianConfig(
        vocab_size=len(vocabulary),
        pad_token_id=len(pieces),
        eos_token_id=0,
        forced_eos_token_id=0,
        decoder_start_token_id=len(pieces),
        **SIZES,
    )
    _save(transformers.MarianMTModel(config), folder)
    return entry(folder, "marian")


def m2m100(folder: Path) -> Model:
    pieces = _sentencepiece(folder / "sentencepiece.bpe", eos_id=2, unk_id=3, bos_id=0, pad_id=1)
    (folder / "sentencepiece.bpe.spm").rename(folder / "sentencepiece.bpe.model")
    (folder / "vocab.json").write_text(json.dumps(pieces), encoding="utf-8")
    tokenizer = transformers.M2M100Tokenizer(
        str(folder / "vocab.json"), str(folder / "sentencepiece.bpe.model")
    )
    tokenizer.save_pretrained(folder)
    languages = len(tokenizer.lang_code_to_id)  # their numbers follow the vocabulary's
    _save(_m2m100(len(pieces) + languages + tokenizer.num_madeup_words), folder)
    return entry(folder, "m2m100")


def nllb(folder: Path) -> Model:
    tokenizer = transformers.NllbTokenizer().train_new_from_iterator([_lines()], 420)
    tokenizer.save_pretrained(folder)
    _save(_m2m100(len(tokenizer)), folder)
    return entry(folder, "nllb", commercial=False)


def mbart50(folder: Path) -> Model:
    tokenizer = transformers.MBart50Tokenizer(
        vocab=_scored(folder, ["<unk>", "<s>", "</s>"]), src_lang="en_XX"
    )
    tokenizer.save_pretrained(folder)
    config = transformers.MBartConfig(
        vocab_size=len(tokenizer),
        decoder_start_token_id=2,
        forced_eos_token_id=2,
        **SIZES,
    )
    _save(transformers.MBartForConditionalGeneration(config), folder)
    return entry(folder, "mbart50")


def t5(folder: Path) -> Model:
    return _t5(folder, transformers.T5Config, transformers.T5ForConditionalGeneration)


def mt5(folder: Path) -> Model:
    return _t5(folder, transformers.MT5Config, transformers.MT5ForConditionalGeneration)


def _t5(folder: Path, config: Any, model: Any) -> Model:
    tokenizer = transformers.T5Tokenizer(vocab=_scored(folder, ["<pad>", "</s>", "<unk>"]))
    tokenizer.save_pretrained(folder)
    sizes = {"d_model": 32, "d_kv": 16, "d_ff": 32, "num_layers": 1, "num_heads": 2}
    _save(
        model(
            config(
                vocab_size=len(tokenizer),
                pad_token_id=0,
                eos_token_id=1,
                decoder_start_token_id=0,
                **sizes,
            )
        ),
        folder,
    )
    return entry(
        folder,
        "t5",
        prefix="translate {source} to {target}: ",
        codes={"en": "English", "es": "Spanish", "fr": "French"},
        max_source_tokens=POSITIONS,
    )


def bart(folder: Path) -> Model:
    tokenizer = transformers.BartTokenizer().train_new_from_iterator([_lines()], 300)
    tokenizer.save_pretrained(folder)
    config = transformers.BartConfig(
        vocab_size=len(tokenizer),
        bos_token_id=tokenizer.bos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.eos_token_id,
        **SIZES | {"forced_bos_token_id": tokenizer.bos_token_id},
    )
    model = transformers.BartForConditionalGeneration(config)
    _speaking(model, tokenizer)
    _save(model, folder)
    return entry(folder, "bart", task="summarize", target=())


def pegasus(folder: Path) -> Model:
    special = ["<pad>", "</s>", "<mask_1>", "<mask_2>", "<unk>"]
    tokenizer = transformers.PegasusTokenizer(vocab=_scored(folder, special), offset=3)
    tokenizer.save_pretrained(folder)
    config = transformers.PegasusConfig(vocab_size=len(tokenizer), **SIZES)
    _save(transformers.PegasusForConditionalGeneration(config), folder)
    return entry(folder, "pegasus", task="summarize", target=())


CAUSAL: dict[str, Any] = {
    "llama": transformers.LlamaConfig,  # EuroLLM, SalamandraTA
    "gemma2": transformers.Gemma2Config,  # Tower+, GemmaX2
    "gemma3_text": transformers.Gemma3TextConfig,  # TranslateGemma, MiLMMT
    "mistral": transformers.MistralConfig,  # Seed-X
    "hunyuan_v1_dense": transformers.HunYuanDenseV1Config,  # Hy-MT
}
CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}"
    "{% else %}{{ message.content[0].source_lang_code }}-{{ message.content[0].target_lang_code }} "
    "{{ message.content[0].text }}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CAUSAL_POSITIONS = 512


def causal(folder: Path, architecture: str = "llama", **fields: Any) -> Model:
    """A language model of one architecture, with a chat template and always the same weights."""
    torch.manual_seed(1)
    special = ["<pad>", "<s>", "<|im_start|>", "<|im_end|>"]
    backend = Tokenizer(tokenizers_models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(_lines(), trainer)
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=backend,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="<|im_end|>",
        additional_special_tokens=["<|im_start|>"],
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    config = CAUSAL[architecture](
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        head_dim=16,
        max_position_embeddings=CAUSAL_POSITIONS,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=3,
    )
    _save(transformers.AutoModelForCausalLM.from_config(config), folder)
    about = {"id": f"tiny/{architecture}", "engine": "transformers", "max_target_tokens": 16}
    return entry(folder, "causal", **about | fields)


MAKERS: dict[str, Callable[[Path], Model]] = {
    maker.__name__: maker for maker in (marian, m2m100, nllb, mbart50, t5, mt5, bart, pegasus)
}


def make(family: str, folder: Path) -> Model:
    """A tiny model of the family in the folder, and its entry."""
    torch.manual_seed(1)
    return MAKERS[family](folder)


def _m2m100(size: int) -> Any:
    return transformers.M2M100ForConditionalGeneration(
        transformers.M2M100Config(
            vocab_size=size,
            bos_token_id=0,
            pad_token_id=1,
            eos_token_id=2,
            decoder_start_token_id=2,
            **SIZES,
        )
    )


def _lines() -> list[str]:
    return TEXT.read_text(encoding="utf-8").splitlines()


def _sentencepiece(stem: Path, **options: Any) -> dict[str, int]:
    """Train `stem.spm`; its pieces with their numbers."""
    SentencePieceTrainer.train(
        input=str(TEXT),
        model_prefix=str(stem),
        vocab_size=240,
        minloglevel=2,
        **{"bos_id": -1, **options},
    )
    stem.with_name(stem.name + ".model").rename(stem.with_name(stem.name + ".spm"))
    pieces = SentencePieceProcessor(model_file=str(stem.with_name(stem.name + ".spm")))
    return {pieces.id_to_piece(index): index for index in range(pieces.get_piece_size())}


def _scored(folder: Path, special: list[str]) -> list[tuple[str, float]]:
    """A unigram vocabulary, as transformers reads it from a SentencePiece model."""
    pieces = _sentencepiece(folder / "unigram")
    model = SentencePieceProcessor(model_file=str(folder / "unigram.spm"))
    (folder / "unigram.spm").unlink()
    (folder / "unigram.vocab").unlink()
    scores = [(piece, model.get_score(number)) for piece, number in pieces.items()]
    return [(token, 0.0) for token in special] + [s for s in scores if s[0] not in special]


def _speaking(model: Any, tokenizer: Any) -> None:
    """Make tokens without a letter unlikely: a summary of random marks is refused, as it should be."""
    for number, token in enumerate(tokenizer.convert_ids_to_tokens(range(len(tokenizer)))):
        if number not in tokenizer.all_special_ids and not any(
            c.isascii() and c.isalpha() for c in token
        ):
            model.final_logits_bias[0, number] = -100.0


def _save(model: Any, folder: Path) -> None:
    model.save_pretrained(folder)
