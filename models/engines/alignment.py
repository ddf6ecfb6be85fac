"""Which words of a source each word of its translation was made from, by the decoder's attention."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_WORD_STARTS = str.maketrans("", "", "▁Ġ")
"""What SentencePiece and byte-level BPE write for a space."""
_MOST_SKIPPED = 4
"""Characters of a text that its tokens may leave out at a place: spaces, marks that are normalised away."""

Span = tuple[int, int]
Weights = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a text, and the span of each in it."""

    tokens: list[str]
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The tokens of a source and its translation by their spans, and the links between them.

    `weights` has a row for each target token, with the share of each source token in it. A row need
    not add up to one: the end of the source has a share too, and is left out.
    """

    sources: Sequence[Span]
    targets: Sequence[Span]
    weights: Weights


def alignment_layer(wanted: int | None, layers: int) -> int:
    """The decoder's layer that aligns: the one wanted, else the last but one (Garg et al. 2019)."""
    return min(layers - 2 if wanted is None else wanted, layers - 1) if layers > 1 else 0


def token_spans(tokens: Sequence[str], text: str) -> list[Span]:
    """Where each token stands in its text; an empty span where that cannot be told.

    Tokens are of the normalised text: one character there may come of several here, or of none.
    """
    letters: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character):
            if not letter.isspace():
                letters.append(letter)
                origins.append(place)
    plain, spans, place = "".join(letters), list[Span](), 0
    for token in tokens:
        bare = token.translate(_WORD_STARTS)
        start = plain.find(bare, place, place + len(bare) + _MOST_SKIPPED) if bare else -1
        if start < 0:
            here = origins[place] if place < len(origins) else len(text)
            spans.append((here, here))
            continue
        place = start + len(bare)
        spans.append((origins[start], origins[place - 1] + 1))
    return spans
