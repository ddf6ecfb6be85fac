"""Page boilerplate: lines of a scraped page that are not the story.

Losing a line of the story is worse than keeping a menu. A line is boilerplate if its words can be nothing
else; a word that may also be a heading ("Save", "Home") counts only next to such a line. Repetition is no
evidence: labels, answers and refrains are repeated too.
"""

import re
from collections.abc import Sequence

from pipeline.phrases import compile_expressions

_LANGUAGE_CODE = re.compile(r"[A-Z]{2}", re.ASCII)
_MARKED_CODE = re.compile(r"[•·|▪–-]\s*[A-Za-z]{2}", re.ASCII)
_BETWEEN_CODES = re.compile(r"[•·|/]")
_TRIMMED = " \t\u00a0:.!…›»→>•·|-–"

_NETWORK = (
    r"(?:facebook|twitter|x|instagram|youtube|telegram|whatsapp|linkedin|tiktok|threads|bluesky|pinterest"
    r"|flipboard|reddit)"
)
_SURE = compile_expressions("documents/data/boilerplate.txt", network=_NETWORK)
_MAYBE = compile_expressions("documents/data/maybe_boilerplate.txt", network=_NETWORK)
_GREETING = compile_expressions(
    "documents/data/greetings.txt",
    greeting=r"(?:good (?:morning|afternoon|evening|day)|hello|hi|welcome"
    r"|buen(?:os|as) (?:días|tardes|noches)|hola|bienvenid[oa]s?)",
    coverage=r"(?:here['’]?s|here is|here are|this is|welcome|today['’]?s|need to know|newsletter"
    r"|live (?:blog|coverage)|arranca|empezamos|comenzamos|comienza|cobertura|boletín|directo"
    r"|esto es lo que|te contamos)",
)
_FAREWELL = compile_expressions("documents/data/farewells.txt")
_LONGEST_FAREWELL = 220
_COMMENTS_BEGIN = compile_expressions("documents/data/comments.txt")
_REACTION = compile_expressions("documents/data/reactions.txt")
_TEASER = re.compile(
    rf"(?<=[.!?”\"»)])\s+(?P<teaser>(?:{compile_expressions('documents/data/teasers.txt').pattern})"
    r"(?: (?:here|aquí))?[\s.…›»→>]*)$",
    re.IGNORECASE,
)
_BREADCRUMB = re.compile(
    r"(?:home|inicio|portada|news|noticias)(?:\s*[›»>/]\s*[\w ]{2,30}){1,4}", re.IGNORECASE
)
_LONGEST = 320
"""Maximum characters of a line of boilerplate."""


def is_furniture(lines: Sequence[str], beside: Sequence[bool] | None = None) -> list[bool]:
    """Tell for each line of a page, stripped of white space, whether it is boilerplate.

    `beside` tells for each line whether it belongs to the page without being boilerplate: a byline, a time.
    """
    sure = [_is_sure(line) for line in lines]
    maybe = [not is_sure and _is_maybe(line) for is_sure, line in zip(sure, lines, strict=True)]
    evidence = [a or b for a, b in zip(sure, beside or [False] * len(lines), strict=True)]
    found = list(sure)
    # What may be boilerplate is it in a run of such lines that touches evidence, or that is long itself.
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and maybe[end]:
            end += 1
        if end > start:
            touches = (start > 0 and evidence[start - 1]) or (end < len(lines) and evidence[end])
            if touches or end - start >= _LONG_RUN:
                found[start:end] = [True] * (end - start)
        start = max(end, start + 1)
    _take_comments(lines, found)
    return found


_LONG_RUN = 3


def teaser_start(line: str) -> int:
    """The start of a link to the whole story at the line's end ("… Read more"), or the end itself."""
    found = _TEASER.search(line, max(0, len(line) - 60))
    return found.start("teaser") if found else len(line)


def _is_sure(line: str) -> bool:
    if len(line) > _LONGEST:
        return False
    bare = line.strip(_TRIMMED)
    return (
        _is_language_switch(line)
        or _SURE.fullmatch(bare) is not None
        or _BREADCRUMB.fullmatch(line) is not None
        or _GREETING.fullmatch(line) is not None
        or (len(line) <= _LONGEST_FAREWELL and _FAREWELL.match(bare) is not None)
    )


def _is_maybe(line: str) -> bool:
    return len(line) <= _LONGEST and _MAYBE.fullmatch(line.strip(_TRIMMED)) is not None


def _take_comments(lines: Sequence[str], found: list[bool]) -> None:
    """Mark the comments of readers: the lines after their heading, if it is followed by reactions."""
    for place, line in enumerate(lines):
        if place and len(line) <= _LONGEST and _COMMENTS_BEGIN.fullmatch(line.strip(_TRIMMED)):
            rest = lines[place + 1 :]
            if any(len(other) <= _LONGEST and _REACTION.fullmatch(other) for other in rest):
                found[place:] = [True] * (len(lines) - place)
            return


def _is_language_switch(line: str) -> bool:
    """Whether the line is a list of language codes, such as "EN | ES"."""
    # Split, not matched as a whole: nested repetition would take exponential time on a near miss.
    codes = [part.strip() for part in _BETWEEN_CODES.split(line.strip("•·|/ "))]
    listed = len(codes) > 1 and all(_LANGUAGE_CODE.fullmatch(code) for code in codes)
    return listed or bool(_MARKED_CODE.fullmatch(line))
