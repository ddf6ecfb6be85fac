"""Stand-ins: words that models copy, in place of text that they do not.

Measured with the embedded models (ADRs 0025 and 0047). Tokens without meaning do worse: of "[1]", "<1>"
and "{1}", less than one in a hundred was returned.
"""

import re

from pipeline.protect.spans import How

NUMERALS = ("87", "57", "23", "250", "17", "46", "69", "38", "94", "75", "340", "560")
POOLS: dict[How, tuple[str, ...]] = {
    How.NAME: (
        "Sarkozy",
        "Martin",
        "Juan",
        "Clinton",
        "Putin",
        "Bush",
        "Google",
        "Merkel",
        "Obama",
    ),
    How.ADDRESS: ("BBC", "ABC", "Facebook", "Google"),
    How.NUMBER: NUMERALS,
    How.AMOUNT: NUMERALS,
    How.CLOCK: ("16:25", "18:35", "13:55", "19:15"),
}
_MAGNITUDE_AFTER = re.compile(r"\s?(?:mil\b|millones|millón|million|billion|thousand|%|por ciento)")


def sent(how: How, standin: str, *, qualifies: bool) -> str:
    """What a model reads for a stand-in: for an amount of money it has a currency, to read as an amount."""
    if how is not How.AMOUNT:
        return standin
    return f"{standin}-euro" if qualifies else f"{standin} euros"


def restored(text: str, how: How, standin: str, back: str) -> str | None:
    """Replace the stand-in in the text with its original; None unless the stand-in occurs exactly once."""
    matches = list(_pattern(how, standin).finditer(text))
    if len(matches) != 1:
        return None
    start, end = matches[0].span()
    if how is How.AMOUNT and _MAGNITUDE_AFTER.match(text, end):
        return None
    return text[:start] + back + text[end:]


def _pattern(how: How, standin: str) -> re.Pattern[str]:
    bare = re.escape(standin)
    if how is How.AMOUNT:
        return re.compile(
            rf"(?<![\w.,])(?:EUR ?|€ ?)?{bare}(?:[ \u00a0]?€|[ -](?:de )?euros?\b)?(?![\w]|[.,]\d)"
        )
    if standin[0].isdigit():
        return re.compile(rf"(?<![\w.,:]){bare}(?![\w]|[.,:]\d)")
    return re.compile(rf"(?<!\w){bare}(?!\w)")
