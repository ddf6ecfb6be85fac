"""Tokenizers: text to a model's tokens and back, the same for every engine.

Model families differ in the tokens around a text:

| family | source | forced first token of the target |
| --- | --- | --- |
| marian | [`>>code<<`] text `</s>` | |
| m2m100, nllb, mbart50 | code text `</s>` | code |
| t5 (mT5, MADLAD too) | prefix text `</s>` | |
| bart | `<s>` text `</s>` | `<s>` |
| pegasus | text `</s>` | |

The tokenizers are those of transformers, which load without torch; Marian's is SentencePiece alone, since
importing transformers takes as long as translating an article. Their language settings are not used, so one
tokenizer serves every language pair of its model.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from models.catalogue import Model
from models.engines.alignment import Tokens, token_spans
from models.engines.marian_tokenizer import MarianTokenizer

_PLAIN_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛", "'"))
"""Marian models, the embedded ones too, are trained on text with punctuation normalised by Moses's
scripts (OPUS-MT, Tiedemann and Thottingal 2020): they do not know curly quotation marks and drop them."""
_T5_MAX_POSITIONS = 512
"""For a model with relative positions, which has no limit: T5 was trained on inputs of this length."""
_CLASSES = {
    "m2m100": "M2M100Tokenizer",
    "nllb": "NllbTokenizer",
    "mbart50": "MBart50Tokenizer",
    "t5": "T5Tokenizer",
    "bart": "BartTokenizer",
    "pegasus": "PegasusTokenizer",
}
"""The class of transformers for each family; `AutoTokenizer` would import torch."""
_PEGASUS_NEWLINE = "<n>"
"""The token that PEGASUS writes between two sentences."""
_STARTS_WITH_LANGUAGE = {"m2m100", "nllb", "mbart50"}
_WORD_START = "▁"


class ModelTokenizer:
    """The tokenizer of one model.

    `max_positions` is the model's maximum sequence length in tokens, `max_source_tokens` the maximum length
    of an input, which the catalogue may set lower.
    """

    def __init__(self, model: Model, folder: Path) -> None:
        """Load the tokenizer of a folder; raise OSError or ValueError if it cannot be loaded."""
        self._model = model
        self._tokenizer = load_tokenizer(model.family, folder)
        # Some tokenizers are a thin layer over a SentencePiece model, which is used directly.
        attribute = {"marian": "spm_source", "m2m100": "sp_model"}.get(model.family)
        self._sentencepiece: Any = getattr(self._tokenizer, attribute) if attribute else None
        self._target_sentencepiece: Any = getattr(
            self._tokenizer, "spm_target", self._sentencepiece
        )
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.max_positions: int = config.get("max_position_embeddings", _T5_MAX_POSITIONS)
        self.max_source_tokens: int = min(
            self.max_positions, model.max_source_tokens or self.max_positions
        )
        self.pad_token = cast(str, self._tokenizer.pad_token)
        self.end_token = cast(str, self._tokenizer.eos_token)
        # transformers 5 no longer lists M2M-100's language codes among the special tokens.
        codes = getattr(self._tokenizer, "lang_token_to_id", {})
        self._special = frozenset([*self._tokenizer.all_special_tokens, *codes])
        self._special_text = re.compile("|".join(map(re.escape, sorted(self._special))))
        self._unknown = cast(int, self._tokenizer.unk_token_id)
        self._readable: dict[str, bool] = {}

    def encode(self, texts: Sequence[str], source: str, target: str) -> list[list[str]]:
        """Return the source tokens of each text, with the family's tokens around them.

        `>>xx<<` and `</s>` in a text are tokenized as text; calling transformers' tokenizer would turn
        them into special tokens.
        """
        prefix = self._source_prefix(source, target)
        rows = (self._split(self._plain(text), self._sentencepiece) for text in texts)
        return [[*prefix, *row, self.end_token] for row in rows]

    def source_tokens(self, text: str) -> Tokens:
        """Return the tokens of a source with their spans, without the family's tokens around them."""
        return self._tokenize(text, self._sentencepiece)

    def target_tokens(self, text: str) -> Tokens:
        """Return the tokens a decoder would write for a text with their spans, without special tokens."""
        return self._tokenize(text, self._target_sentencepiece)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens `encode` makes of each text."""
        # Any language will do, because each code is one token; a summarizer may have no languages.
        source, target = [*self._model.source, ""][0], [*self._model.target, ""][0]
        return [len(row) for row in self.encode(texts, source, target)]

    def unknown_characters(self, text: str) -> frozenset[str]:
        """Return the characters of a text that the vocabulary has no token for, or reads as others.

        "½" is read as "1⁄2". Each is looked at alone and after a letter: some are known only at a
        word's beginning.
        """
        for character in set(text) - self._readable.keys():
            self._readable[character] = character.isspace() or all(
                self._is_readable(context) for context in (character, f"a{character}")
            )
        return frozenset(character for character in text if not self._readable[character])

    def opening_tokens(self, language: str) -> list[str]:
        """Return the tokens that a text in this language begins with, as a source or as a target."""
        if self._model.family in _STARTS_WITH_LANGUAGE:
            return [self._model.language_code(language)]
        return [self._tokenizer.bos_token] if self._model.family == "bart" else []

    def to_ids(self, tokens: Sequence[str]) -> list[int]:
        """Return the tokens' numbers in the source vocabulary."""
        return cast(list[int], self._tokenizer.convert_tokens_to_ids(list(tokens)))

    def from_ids(self, ids: Sequence[int]) -> list[str]:
        """Return the tokens with these numbers in the target vocabulary."""
        return cast(list[str], self._tokenizer.convert_ids_to_tokens(list(ids)))

    def decode(self, tokens: Sequence[str]) -> str:
        """Return the text of a target's tokens, without special tokens."""
        words = [token for token in tokens if token not in self._special]
        text = cast(str, self._tokenizer.convert_tokens_to_string(words)).strip()
        return text.replace(_PEGASUS_NEWLINE, " ") if self._model.family == "pegasus" else text

    def _source_prefix(self, source: str, target: str) -> list[str]:
        model = self._model
        opening = self.opening_tokens(source)
        if opening or not model.prefix:
            return opening
        prefix = model.prefix.format(
            source=model.language_code(source), target=model.language_code(target)
        )
        # Marian's prefix is one token of the vocabulary; T5's is text that may contain special tokens.
        return [prefix] if model.family == "marian" else self._tokenizer.tokenize(prefix)

    def _tokenize(self, text: str, sentencepiece: Any) -> Tokens:
        plain = self._plain(text)
        tokens = self._split(plain, sentencepiece)
        return Tokens(tokens, token_spans(tokens, plain))

    def _plain(self, text: str) -> str:
        """Replace quotation marks that the model does not know, character by character."""
        return text.translate(_PLAIN_QUOTES) if self._model.family == "marian" else text

    def _split(self, text: str, sentencepiece: Any) -> list[str]:
        tokens = self._pieces(text, sentencepiece)
        if not self._special.isdisjoint(tokens):
            # Vocabularies contain their special tokens as pieces too, so "</s>" must be tokenized in parts.
            parts = _split_special(text, self._special_text)
            tokens = [token for part in parts for token in self._pieces(part, sentencepiece)]
        return tokens

    def _is_readable(self, text: str) -> bool:
        pieces = self._pieces(text, self._sentencepiece)
        if self._unknown in self.to_ids(pieces):
            return False
        if any(piece.startswith("<0x") for piece in pieces):  # a vocabulary of bytes has everything
            return True
        return "".join(pieces).replace(_WORD_START, "") == text

    def _pieces(self, text: str, sentencepiece: Any) -> list[str]:
        if sentencepiece is not None:
            return cast(list[str], sentencepiece.encode(text, out_type=str))
        ids = self._tokenizer(text, add_special_tokens=False, split_special_tokens=True)[
            "input_ids"
        ]
        return cast(list[str], self._tokenizer.convert_ids_to_tokens(ids))


def load_tokenizer(family: str, folder: Path) -> Any:
    """Load the tokenizer of a family; raise OSError or ValueError if it cannot be loaded."""
    if family == "marian":
        return MarianTokenizer(folder)
    import transformers

    tokenizer = getattr(transformers, _CLASSES[family])
    return tokenizer.from_pretrained(folder, local_files_only=True)


def _split_special(text: str, special: re.Pattern[str]) -> list[str]:
    """Split a text into parts that contain no special token."""
    parts, start = [], 0
    for match in special.finditer(text):
        parts.append(text[start : match.start() + 1])
        start = match.start() + 1
    return [*parts, text[start:]]
