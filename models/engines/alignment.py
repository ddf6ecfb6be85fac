"""Alignment: which words of a source each word of its translation comes from, by decoder attention."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_WORD_STARTS = str.maketrans("", "", "▁Ġ")
"""The characters that SentencePiece and byte-level BPE write for a space."""
_MAX_SKIPPED = 4
"""How many characters of a text its tokens may leave out in one place, such as spaces."""

TokenSpan = tuple[int, int]
"""The characters `[start, end)` of a token in its text."""
Weights = Sequence[Sequence[float]]
"""A row for each target token, with the weight of each source token."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, with the span of each."""

    tokens: list[str]
    spans: list[TokenSpan]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The spans of a source's and a translation's tokens, and the weights between them.

    A row of `weights` may add up to less than 1, because the weight of the source's end token is left out.
    """

    sources: Sequence[TokenSpan]
    targets: Sequence[TokenSpan]
    weights: Weights


def alignment_layer(requested: int | None, layers: int) -> int:
    """Return the decoder layer that aligns: the requested one, else the last but one (Garg et al. 2019)."""
    return min(layers - 2 if requested is None else requested, layers - 1) if layers > 1 else 0


def token_spans(tokens: Sequence[str], text: str) -> list[TokenSpan]:
    """Return the span of each token in its text; an empty span if it cannot be determined.

    Tokens are those of the normalised text, where a character can come from several of this text, or from
    none.
    """
    letters: list[str] = []
    origins: list[int] = []
    for index, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character):
            if not letter.isspace():
                letters.append(letter)
                origins.append(index)
    plain, spans, position = "".join(letters), list[TokenSpan](), 0
    for token in tokens:
        bare = token.translate(_WORD_STARTS)
        limit = position + len(bare) + _MAX_SKIPPED
        start = plain.find(bare, position, limit) if bare else -1
        if start < 0:
            here = origins[position] if position < len(origins) else len(text)
            spans.append((here, here))
            continue
        position = start + len(bare)
        spans.append((origins[start], origins[position - 1] + 1))
    return spans
