"""Text to a model's tokens and back: what differs between families, for every engine the same."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from transformers import MarianTokenizer

_PLAIN_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'"))
"""Marian models are trained on text whose punctuation Moses's scripts have normalised (OPUS-MT,
Tiedemann and Thottingal 2020), ours too: a curly quotation mark is unknown to them, and gets lost."""


class MarianCodec:
    """The SentencePiece models and the vocabulary of a Marian model's folder. Needs no torch."""

    def __init__(self, folder: Path, *, max_source_tokens: int | None = None) -> None:
        """`max_source_tokens` lowers the limit that the model's positions set.

        Raises OSError or ValueError where the folder's files cannot be read.
        """
        self._tokenizer = MarianTokenizer.from_pretrained(folder, local_files_only=True)
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.positions: int = config["max_position_embeddings"]
        self.max_source_tokens: int = min(self.positions, max_source_tokens or self.positions)
        self.end = cast(str, self._tokenizer.eos_token)
        self._special = set(self._tokenizer.all_special_tokens)

    def encode(self, texts: Sequence[str]) -> list[list[str]]:
        """The tokens of each text, with the end token. Every text is plain to SentencePiece.

        The tokenizer's own call would read `>>xx<<` and `</s>` in an article as commands.
        """
        plain = [text.translate(_PLAIN_QUOTES) for text in texts]
        rows: list[list[str]] = self._tokenizer.spm_source.encode(plain, out_type=str)
        return [[*row, self.end] for row in rows]

    def to_ids(self, tokens: Sequence[str]) -> list[int]:
        """The source vocabulary's numbers of the tokens."""
        return cast(list[int], self._tokenizer.convert_tokens_to_ids(list(tokens)))

    def from_ids(self, ids: Sequence[int]) -> list[str]:
        """The target vocabulary's tokens of the numbers."""
        return cast(list[str], self._tokenizer.convert_ids_to_tokens(list(ids)))

    def decode(self, tokens: Sequence[str]) -> str:
        """The text of a target's tokens, without the special ones."""
        told = [token for token in tokens if token not in self._special]
        return cast(str, self._tokenizer.convert_tokens_to_string(told)).strip()
