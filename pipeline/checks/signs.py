"""Check the signs that a translation has to keep: ±, µ, ½, braces, letters of other scripts."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pipeline.checks.addresses import mask
from pipeline.checks.flags import CheckFlag, Code
from pipeline.checks.reading import Reading
from pipeline.spans import Span

_ABOUT = "unos|unas|cerca|aproximad|alrededor|about|around|approximately|roughly"
_WORDS = {
    "<": "menos de|menor|inferior|less than|under|below|fewer",
    ">": "más de|mayor|superior|more than|over|above",
    "~": _ABOUT,
    "≈": _ABOUT,
    "±": "más o menos|plus or minus",
    "≤": "hasta|máximo|menos|up to|at most|less",
    "≥": "mínimo|más|at least|more",
    "½": r"medi[oa]|half|[.,]5",
    "¼": "cuart|quarter|[.,]25",
    "¾": "cuart|quarter|[.,]75",
    "²": "cuadrad|square|2",
    "³": "cúbic|cubic|3",
    "µ": "micro|μ",
    "μ": "micro|µ",
    "#": r"n\.º|número|No\.|number|hashtag",
    "°": r"grado|degree|º|[CF]\b|\d(?:st|nd|rd|th)\b",
    "§": "artículo|sección|section|apartado",
    "−": "bajo cero|below zero|menos|minus|-",
    "×": r"\bx\b|por|by",
    "‰": "por mil|per thousand|per mil",
    "©": "copyright|derechos",
    "*": "",
}
"""What may replace a sign. An unlisted sign has to be kept; one with an empty value may be dropped."""
_ASCII = frozenset("#<>@\\^{}~*")
_LOOSE = frozenset("´`¨¸¯•·▪◦‣→►▶★☆✓✔“”„‟«»‘’‚‛…–—―′″¿¡ºª€£$¥¢™®\u00ad\u200b\u200d\ufe0f\ufeff")
"""Signs that other checks handle, or that carry no meaning."""
_DASH = re.compile(r"(?<=\S) [–—] (?=\S)")
_STOPS = re.compile(r"[-–—,;:()“”«»\"]")


def lost_signs(source: Reading, target: Reading) -> Iterator[CheckFlag]:
    """Flag the signs of a text that its translation does not have in any form.

    A dash is flagged if the translation has nothing that separates clauses.
    """
    if source.language == target.language:
        return
    text = mask(source.text, source.addresses)
    for sign in dict.fromkeys(text):
        if not _is_sign(sign) or sign in target.text or not _stands_alone(sign, text):
            continue
        said = _WORDS.get(sign)
        if said is None or (said and re.search(said, target.text, re.IGNORECASE) is None):
            place = text.index(sign)
            message = f"The sign “{sign}” is missing from the translation."
            yield CheckFlag(Code.SIGN_LOST, message, Span(place, place + 1))
    dash = _DASH.search(text)
    if dash is not None and _STOPS.search(target.text) is None:
        yield CheckFlag(
            Code.SIGN_LOST, "The dash is missing from the translation.", Span(*dash.span())
        )


def _stands_alone(sign: str, text: str) -> bool:
    """Whether the sign is not a letter inside a word: another check flags lost words in other scripts."""
    return (
        not sign.isalpha()
        or re.search(rf"(?<![^\W\d_]){re.escape(sign)}(?![^\W\d_])", text) is not None
    )


@lru_cache(maxsize=4096)
def _is_sign(character: str) -> bool:
    if character.isascii():
        return character in _ASCII
    if character in _LOOSE:
        return False
    category = unicodedata.category(character)
    if category[0] == "L":
        return not unicodedata.name(character, "").startswith("LATIN")
    return category[0] == "S" or category in ("No", "Nl", "Mn", "Me", "Mc")
