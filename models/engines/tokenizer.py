"""Text to a model's tokens and back: what differs between families, for every engine the same.

| family | source | forced first token of the target |
| --- | --- | --- |
| marian | [`>>code<<`] text `</s>` | |
| m2m100, nllb, mbart50 | code text `</s>` | code |
| t5 (mT5, MADLAD too) | prefix text `</s>` | |
| bart | `<s>` text `</s>` | `<s>` |
| pegasus | text `</s>` | |

The tokenizers are transformers' own; they load without torch. None of their state is used, so one codec
serves any pair of its model's languages.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from transformers import (
    BartTokenizer,
    M2M100Tokenizer,
    MarianTokenizer,
    MBart50Tokenizer,
    NllbTokenizer,
    PegasusTokenizer,
    T5Tokenizer,
)

from models.catalogue import Model
from models.engines.alignment import Tokens, token_spans
from models.routes import code

_PLAIN_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'"))
"""Marian models are trained on text whose punctuation Moses's scripts have normalised (OPUS-MT,
Tiedemann and Thottingal 2020), ours too: a curly quotation mark is unknown to them, and gets lost."""
_NO_POSITIONS = 512
"""The limit of a model with relative positions: T5's were trained on inputs of that length."""
TOKENIZERS: dict[str, Any] = {
    "marian": MarianTokenizer,
    "m2m100": M2M100Tokenizer,
    "nllb": NllbTokenizer,
    "mbart50": MBart50Tokenizer,
    "t5": T5Tokenizer,
    "bart": BartTokenizer,
    "pegasus": PegasusTokenizer,
}
"""By their own classes: `AutoTokenizer` would load torch."""
_NEWLINE = "<n>"
"""What PEGASUS writes between two sentences."""
_LANGUAGE_FIRST = {"m2m100", "nllb", "mbart50"}


class Codec:
    """The tokenizer of one model's folder."""

    def __init__(self, model: Model, folder: Path) -> None:
        """Read the folder's tokenizer; OSError or ValueError where that cannot be done."""
        self._model = model
        tokenizer = TOKENIZERS[model.family]
        self._tokenizer: Any = tokenizer.from_pretrained(folder, local_files_only=True)
        # The model under a tokenizer that is a thin layer over SentencePiece; others have none.
        layer = {"marian": "spm_source", "m2m100": "sp_model"}.get(model.family)
        self._sentencepiece: Any = getattr(self._tokenizer, layer) if layer else None
        self._target_sentencepiece: Any = getattr(
            self._tokenizer, "spm_target", self._sentencepiece
        )
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.positions: int = config.get("max_position_embeddings", _NO_POSITIONS)
        self.max_source_tokens: int = min(self.positions, model.max_source_tokens or self.positions)
        self.pad = cast(str, self._tokenizer.pad_token)
        self.end = cast(str, self._tokenizer.eos_token)
        # transformers 5 no longer counts M2M-100's codes of languages among the special tokens.
        codes = getattr(self._tokenizer, "lang_token_to_id", {})
        self._special = frozenset([*self._tokenizer.all_special_tokens, *codes])
        self._special_text = re.compile("|".join(map(re.escape, sorted(self._special))))

    def encode(self, texts: Sequence[str], source: str, target: str) -> list[list[str]]:
        """The tokens of each text, with what its family puts around them. Every text is plain.

        The tokenizer's own call would read `>>xx<<` and `</s>` in an article as commands.
        """
        first = self._first(source, target)
        layer = self._sentencepiece
        return [[*first, *self._split(self._plain(text), layer), self.end] for text in texts]

    def source_tokens(self, text: str) -> Tokens:
        """The tokens of a source, without what its family puts around them."""
        return self._located(text, self._sentencepiece)

    def target_tokens(self, text: str) -> Tokens:
        """The tokens that a decoder would write the text with, without the special ones."""
        return self._located(text, self._target_sentencepiece)

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens `encode` would make of each text."""
        # A code of a language is one token, whichever it is; a summarizer may name none.
        source, target = [*self._model.source, ""][0], [*self._model.target, ""][0]
        return [len(row) for row in self.encode(texts, source, target)]

    def prefix(self, target: str) -> list[str]:
        """The token that a target must begin with, where its family has one; a source begins so too."""
        if self._model.family in _LANGUAGE_FIRST:
            return [code(self._model, target)]
        return [self._tokenizer.bos_token] if self._model.family == "bart" else []

    def to_ids(self, tokens: Sequence[str]) -> list[int]:
        """The source vocabulary's numbers of the tokens."""
        return cast(list[int], self._tokenizer.convert_tokens_to_ids(list(tokens)))

    def from_ids(self, ids: Sequence[int]) -> list[str]:
        """The target vocabulary's tokens of the numbers."""
        return cast(list[str], self._tokenizer.convert_ids_to_tokens(list(ids)))

    def decode(self, tokens: Sequence[str]) -> str:
        """The text of a target's tokens, without the special ones."""
        told = [token for token in tokens if token not in self._special]
        text = cast(str, self._tokenizer.convert_tokens_to_string(told)).strip()
        return text.replace(_NEWLINE, " ") if self._model.family == "pegasus" else text

    def _first(self, source: str, target: str) -> list[str]:
        model = self._model
        first = self.prefix(source)
        if first or not model.prefix:
            return first
        prefix = model.prefix.format(source=code(model, source), target=code(model, target))
        # A Marian's is one token of its vocabulary; a T5's is text, in which tokens may stand.
        return [prefix] if model.family == "marian" else self._tokenizer.tokenize(prefix)

    def _located(self, text: str, layer: Any) -> Tokens:
        plain = self._plain(text)
        tokens = self._split(plain, layer)
        return Tokens(tokens, token_spans(tokens, plain))

    def _plain(self, text: str) -> str:
        """The text with the quotation marks that the model knows; no character moves."""
        return text.translate(_PLAIN_QUOTES) if self._model.family == "marian" else text

    def _split(self, plain: str, layer: Any) -> list[str]:
        tokens = self._pieces(plain, layer)
        if not self._special.isdisjoint(tokens):
            # Vocabularies hold their special tokens as pieces too: "</s>" goes in two parts.
            parts = _broken(plain, self._special_text)
            tokens = [token for part in parts for token in self._pieces(part, layer)]
        return tokens

    def _pieces(self, text: str, layer: Any) -> list[str]:
        if layer is not None:
            return cast(list[str], layer.encode(text, out_type=str))
        ids = self._tokenizer(text, add_special_tokens=False, split_special_tokens=True)[
            "input_ids"
        ]
        return cast(list[str], self._tokenizer.convert_ids_to_tokens(ids))


def _broken(text: str, special: re.Pattern[str]) -> list[str]:
    """The text in parts none of which holds a special token."""
    parts, start = [], 0
    for match in special.finditer(text):
        parts.append(text[start : match.start() + 1])
        start = match.start() + 1
    return [*parts, text[start:]]
