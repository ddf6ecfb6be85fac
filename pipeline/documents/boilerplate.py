"""Site furniture: lines of a scraped page that are not the story.

Conservative on purpose: a line is furniture where its words say so, or where it is short and comes
again. What is left in is read by an editor; what is left out by mistake is not.
"""

import re
from collections import Counter
from collections.abc import Sequence

_MOST_WORDS = 4
"""A line that comes again is furniture up to so many words: "ON NOW", a station's name."""

_LANGUAGE_CODE = re.compile(r"[A-Z]{2}", re.ASCII)
_MARKED_CODE = re.compile(r"[•·|▪–-]\s*[A-Za-z]{2}", re.ASCII)
_BETWEEN_CODES = re.compile(r"[•·|/]")

_PHRASES = re.compile(
    r"""(?:
      on\ now | now\ playing | live\ now | listen\ live | watch\ live | escuche?\ en\ vivo
    | (?:follow|find|like|join)\ us(?:\ on)?(?:\ (?:facebook|twitter|x|instagram|youtube|telegram))?
    | s[íi]guenos(?:\ en)?
    | share(?:\ (?:this|on|via)\b.{0,40})? | compartir(?:\ en\ .{0,20})? | tweet | print | email
    | copy\ link | save | comments? | \d+\ (?:comments?|shares?)
    | advertis(?:e)?ment | publicidad | sponsored(?:\ content)?
    | (?:read|see|learn)\ more | leer\ m[áa]s | continue\ reading | skip\ to\ (?:main\ )?content
    | related(?:\ (?:articles?|stories|topics|content))? | most\ (?:read|viewed|popular)
    | (?:more|top|latest|recommended)\ (?:stories|news) | recommended(?:\ for\ you)?
    | (?:sign\ up|subscribe)(?:\ (?:to|for)\ .{0,60})? | newsletter | log\ in | sign\ in | register
    | (?:accept|manage)\ (?:all\ )?cookies | menu | home | search | close | back\ to\ top
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_TRIMMED = " \t\u00a0:.!…›»→>•·|"


def is_furniture(lines: Sequence[str]) -> list[bool]:
    """For each line of a page, stripped of white space, whether it is furniture."""
    times = Counter(line.casefold() for line in lines)
    return [_by_words(line) or _comes_again(line, times[line.casefold()]) for line in lines]


def _by_words(line: str) -> bool:
    bare = line.strip(_TRIMMED)
    return _is_language_switch(line) or bool(_PHRASES.fullmatch(bare))


def _is_language_switch(line: str) -> bool:
    """Whether the line lists languages by their codes, as "EN | ES" does."""
    # Split, not matched as a whole: nested repetition would take exponential time on a near miss.
    codes = [part.strip() for part in _BETWEEN_CODES.split(line.strip("•·|/ "))]
    listed = len(codes) > 1 and all(_LANGUAGE_CODE.fullmatch(code) for code in codes)
    return listed or bool(_MARKED_CODE.fullmatch(line))


def _comes_again(line: str, times: int) -> bool:
    # A repeated answer in an interview ("No.") ends like a sentence; a station's name does not.
    is_sentence = line[-1:] in '.!?…"”’»'
    return times > 1 and len(line.split()) <= _MOST_WORDS and not is_sentence
