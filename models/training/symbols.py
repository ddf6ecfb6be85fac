"""Characters that the vocabulary lacks: pieces and vectors for them, and pairs to learn them from.

The student's vocabulary has no £, no ½ and no ö: what it has no piece for is lost. Each gets a piece
of its own, at the vocabulary's end, with a vector near that of a character that is used alike.
"""

import json
import random
import re
import unicodedata
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2
from torch import Tensor
from transformers import MarianMTModel

from models.training.student import config
from models.training.variation import Pair, in_spanish, kept_names, replaced

CURRENCIES = "£¥₹₩₽₺₪₫₴₱₦₡₲¢"
_OFTEN = "££££¥¥₹"
"""The ones of the news."""
MARKS = "#<@\\^`{}~¦§©®°±¶·×÷⁄†‡•‰′″‹›←↑→↓−≈≠≤≥µ"
LETTERS = "".join(
    letter
    for letter in map(chr, range(0xC0, 0x180))
    if letter.isalpha() and unicodedata.normalize("NFKC", letter) == letter
)
"""The letters of Latin-1 and Latin Extended-A, which are those of Europe's names."""
CHARACTERS = CURRENCIES + unicodedata.normalize("NFKC", MARKS).replace(" ", "") + LETTERS
_SHARE_OF_NEW = 0.7
"""How much of a new vector is its own, and how much (the same) that of the character it is like."""
_NO_BASE = {
    "ß": "s", "æ": "a", "œ": "o", "ø": "o", "ð": "d", "þ": "t", "đ": "d", "ł": "l", "ħ": "h", "ŋ": "n",
    "ı": "i", "ŧ": "t", "ĸ": "k", "ŀ": "l",
}  # fmt: skip
"""The letters that Unicode does not take apart, with what they look like."""
SHARE_CURRENCY, SHARE_PRICE, SHARE_LETTER, SHARE_MARK = 0.5, 0.2, 0.15, 0.06
"""In how many of the pairs that have room for it another currency is put, a number becomes a price,
letters of a name change, and a mark is put to it."""
_NUMBER = re.compile(r"(?<![\w.,$€])\d+(?:,\d{3})*(?![\w%]|[.,]\d)")


def extend(file: Path, folder: Path) -> SentencePieceProcessor:
    """Write the vocabulary of `file` with the missing characters to `folder`; give it."""
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(file.read_bytes())
    known = {piece.piece for piece in proto.pieces}
    floor = min(piece.score for piece in proto.pieces)
    for character in dict.fromkeys(CHARACTERS):
        if character not in known:
            proto.pieces.add(piece=character, score=floor)
    proto.trainer_spec.vocab_size = len(proto.pieces)
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(proto.SerializeToString())
    ids = {piece.piece: index for index, piece in enumerate(proto.pieces)}
    ids["<pad>"] = len(ids)
    (folder / "vocab.json").write_text(
        json.dumps(ids, ensure_ascii=False, indent=0) + "\n", encoding="utf-8"
    )
    return SentencePieceProcessor(model_file=str(folder / "source.spm"))


@torch.no_grad()
def extended(model: MarianMTModel, joint: SentencePieceProcessor) -> MarianMTModel:
    """The model with rows for the pieces of `joint` that are more than its own, before `<pad>`.

    A new vector is the same share of noise on both sides: copying goes by likeness.
    """
    old = len(model.final_logits_bias[0]) - 1
    new = range(old, joint.get_piece_size())
    found = [joint.piece_to_id(_like(joint.id_to_piece(index))) for index in new]
    like = [index if index < old else joint.piece_to_id("%") for index in found]
    generator = torch.Generator().manual_seed(old)
    noise = torch.randn(len(new), model.config.d_model, generator=generator)

    def grown(rows: Tensor) -> Tensor:
        near = rows[like]
        norm = near.norm(dim=1, keepdim=True)
        mixed = near / norm + noise / noise.norm(dim=1, keepdim=True) * _SHARE_OF_NEW
        mixed = mixed / mixed.norm(dim=1, keepdim=True) * norm
        return torch.cat([rows[:old], mixed, rows[old:]])

    state = model.state_dict()
    for name, tensor in state.items():
        if name.endswith("embed_tokens.weight") or name in (
            "lm_head.weight",
            "model.shared.weight",
        ):
            state[name] = grown(tensor)
    bias = state["final_logits_bias"]
    state["final_logits_bias"] = torch.cat([bias[:, :old], bias[:, like], bias[:, old:]], 1)
    larger = MarianMTModel(config(joint.get_piece_size() + 1, model.config.decoder_layers))
    larger.load_state_dict(state)
    return larger


def _like(character: str) -> str:
    """The piece whose vector a new character's starts near."""
    if character in CURRENCIES:
        return "$"
    lower = character.lower()
    base = _NO_BASE.get(lower) or unicodedata.normalize("NFD", lower)[0]
    if not base.isalpha():
        return "%"
    return base.upper() if character.isupper() else base


_ACCENTED: dict[str, str] = {}
for _letter in LETTERS:
    _base = _like(_letter)
    _ACCENTED[_base] = _ACCENTED.get(_base, "") + _letter


def with_symbols(source: str, target: str, rng: random.Random) -> Pair:
    """Now and then a rare currency, letter or mark, the same in both texts."""
    for sign in "$€":
        kept = 0 < source.count(sign) == target.count(sign)
        if kept and rng.random() < SHARE_CURRENCY:
            other = rng.choice(_OFTEN + CURRENCIES)
            source, target = source.replace(sign, other), target.replace(sign, other)
    number = _NUMBER.search(source)
    if number and rng.random() < SHARE_PRICE:
        spanish = in_spanish(number[0])
        if source.count(number[0]) == 1 == target.count(spanish):
            sign = rng.choice(_OFTEN + CURRENCIES)
            source = source.replace(number[0], sign + number[0])
            target = target.replace(spanish, sign + spanish)
    draw = rng.random()
    if draw < SHARE_LETTER + SHARE_MARK:
        for name in kept_names(source, target)[:2]:
            other = _accented(name, rng) if draw < SHARE_LETTER else _marked(name, rng)
            source, target = replaced(source, name, other), replaced(target, name, other)
    return source, target


def _accented(name: str, rng: random.Random) -> str:
    places = [place for place, letter in enumerate(name) if letter in _ACCENTED]
    for place in rng.sample(places, min(len(places), rng.randint(1, 3))):
        name = name[:place] + rng.choice(_ACCENTED[name[place]]) + name[place + 1 :]
    return name


def _marked(name: str, rng: random.Random) -> str:
    mark = rng.choice(MARKS)
    kind = rng.random()
    if kind < 0.3:
        return f"{rng.choice('@#')}{name}"
    if kind < 0.4:
        return f"{{{name}}}"
    return f"{mark}{name}" if kind < 0.6 else f"{name} {mark} {rng.randint(1, 99)}"
