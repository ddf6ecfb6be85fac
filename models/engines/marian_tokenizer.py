"""Marian's tokenizer: a SentencePiece model for each side, and the numbers of their pieces."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from sentencepiece import SentencePieceProcessor

_NAMES = {"eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
"""The special tokens of a folder whose configuration does not name them."""


class MarianTokenizer:
    """What `ModelTokenizer` needs of transformers' class of this name, without importing transformers.

    It gives the same tokens. Its attributes have the names of transformers' tokenizers.
    """

    bos_token = None

    def __init__(self, folder: Path) -> None:
        """Load a folder; raise OSError or ValueError if it cannot be loaded."""
        names = _special_tokens(folder)
        self.eos_token, self.unk_token, self.pad_token = names.values()
        self.all_special_tokens = list(names.values())
        self.spm_source = _sentencepiece(folder / "source.spm")
        self.spm_target = _sentencepiece(folder / "target.spm")
        self.vocabulary: Mapping[str, int] = _json(folder / "vocab.json")
        of_target = folder / "target_vocab.json"
        self.target_vocabulary: Mapping[str, int] = (
            _json(of_target) if of_target.exists() else self.vocabulary
        )
        self._pieces = {number: piece for piece, number in self.target_vocabulary.items()}
        if self.unk_token not in self.vocabulary:
            raise ValueError(f"its vocabulary has no {self.unk_token}")
        self.unk_token_id = self.vocabulary[self.unk_token]

    def convert_tokens_to_ids(self, tokens: Sequence[str]) -> list[int]:
        """Return the tokens' numbers in the source vocabulary."""
        return [self.vocabulary.get(token, self.unk_token_id) for token in tokens]

    def convert_ids_to_tokens(self, ids: Sequence[int]) -> list[str]:
        """Return the tokens with these numbers in the target vocabulary."""
        return [self._pieces.get(number, self.unk_token) for number in ids]

    def convert_tokens_to_string(self, tokens: Sequence[str]) -> str:
        """Return the text of target tokens, none of which is a special one."""
        return cast(str, self.spm_target.decode_pieces(list(tokens))).replace("▁", " ").strip()


def _special_tokens(folder: Path) -> dict[str, str]:
    """Return the names of the special tokens, as the folder's configuration has them."""
    path = folder / "tokenizer_config.json"
    config = _json(path) if path.exists() else {}
    named = {field: config.get(field) or name for field, name in _NAMES.items()}
    # Older folders describe a token instead of naming it.
    return {
        field: name["content"] if isinstance(name, dict) else name for field, name in named.items()
    }


def _sentencepiece(path: Path) -> Any:
    return SentencePieceProcessor(model_file=str(path))


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
