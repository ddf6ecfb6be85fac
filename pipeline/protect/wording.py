"""Text that is reworded for the model: short dates, abbreviations, dialogue, denials.

The original text is not restored: the rewording is translated.
"""

import re
from collections.abc import Callable, Iterator

from pipeline.protect.spans import How, Protected
from pipeline.spans import Span

_MONTHS = dict(
    zip(
        ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
        [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        strict=True,
    )
)
_ENGLISH_DAYS = (
    r"\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|april|june|july|august"
    r"|september|october|november|december)s?\b"
)
_WHOLLY = (
    r"(?:(?P<wholly>completely|strongly|totally|entirely|utterly|fundamentally|firmly|wholly) )?"
)
_DASH = re.compile(r"(?<=[^\W\d_,.!?)\]”’\"]) ?[—–―] ?(?=[^\W_])|(?<=\S) [—–―] (?=\S)")
"""A dash between clauses, but not in a range of figures."""
_DIALOGUE = re.compile(r"^\s*[—–―](?=[\w¿¡«\"“…])")
_RAYA = re.compile(r"\s*[—–―]\s*")

_Rewording = str | Callable[[re.Match[str]], str]
_ENGLISH: list[tuple[re.Pattern[str], _Rewording]] = [
    (re.compile(_ENGLISH_DAYS), lambda match: match[0].capitalize()),
    (re.compile(r"['’‘](?=[3-9]0s\b)"), "19"),
    (re.compile(r" ['’‘]n['’‘] "), " and "),
    (re.compile(r"(?<=\d) ?pc\b(?!\.)"), "%"),
    (re.compile(r"(?<=\d) ?bps\b"), " basis points"),
    (re.compile(r"(?<=\d) ?pps?\b"), " percentage points"),
    (re.compile(r"(?<=[\d%tc] )(?:yoy|y/y|y-o-y)\b", re.IGNORECASE), "year on year"),
    (re.compile(r"(?<=[\d%tc] )(?:mom|m/m|m-o-m)\b", re.IGNORECASE), "month on month"),
    (re.compile(r"(?<=[\d%tc] )(?:qoq|q/q|q-o-q)\b", re.IGNORECASE), "quarter on quarter"),
    # Small models mistake each of these for its opposite.
    (re.compile(r"\b(?:has|have|had) yet to (?=[a-z])"), "still did not "),
    (re.compile(r"\b(?:is|are|was|were) yet to (?!be\b)(?=[a-z])"), "still did not "),
    (
        re.compile(rf"\b{_WHOLLY}(?P<verb>disagree[sd]?)\b(?! on\b)"),
        lambda match: _disagreeing(match),  # defined below
    ),
    (re.compile(r"\banything but (?P<word>[a-z]+)"), lambda match: f"not {match['word']} at all"),
    (
        re.compile(r"\b(\d) ?(?:['’′]|ft|feet) ?(\d{1,2}) ?(?:[\"”″]|in\b|inches\b)"),
        lambda match: f"{match[1]} feet {match[2]} inches",
    ),
]
_SPANISH: list[tuple[re.Pattern[str], _Rewording]] = [
    (
        re.compile(rf"(?<=\b\d )({'|'.join(_MONTHS)}|sept|set)\b\.?(?! de [^\d])", re.IGNORECASE),
        lambda match: f"de {_month(match[1])}",
    ),
    (
        re.compile(rf"(?<=\b\d\d )({'|'.join(_MONTHS)}|sept|set)\b\.?(?! de [^\d])", re.IGNORECASE),
        lambda match: f"de {_month(match[1])}",
    ),
]


def wording(text: str, source: str, unknown: frozenset[str]) -> Iterator[Protected]:
    """Find the spans of a text that are reworded for the model."""
    for pattern, rewording in {"en": _ENGLISH, "es": _SPANISH}.get(source, ()):
        for match in pattern.finditer(text):
            yield _worded(
                Span(*match.span()), rewording if isinstance(rewording, str) else rewording(match)
            )
    if source == "es" and _DIALOGUE.match(text):
        yield from _dialogue(text)
    else:
        for match in _DASH.finditer(text):
            yield Protected(Span(*match.span()), How.DASH, match[0].strip(), " - ")
    yield from _capitals(text, unknown)


def _month(short: str) -> str:
    return _MONTHS[short.lower().replace("sept", "sep").replace("set", "sep")]


def _disagreeing(match: re.Match[str]) -> str:
    before = match.string[: match.start()].split()[-1:]
    auxiliary = {"disagree": "do not", "disagrees": "does not", "disagreed": "did not"}[
        match["verb"]
    ]
    if before and before[0].lower() in (
        "to",
        "will",
        "may",
        "can",
        "would",
        "might",
        "could",
        "should",
    ):
        auxiliary = "not"
    return f"{auxiliary} agree{' at all' if match['wholly'] else ''}"


def _dialogue(text: str) -> Iterator[Protected]:
    """Turn the dashes of Spanish dialogue into quotation marks: —No —dijo—. Sí."""
    marks = list(_RAYA.finditer(text))
    says = text[marks[0].end() :][:1].islower()  # "—preguntó ella.": after a question, cut off
    open_ = not says
    yield _worded(Span(*marks[0].span()), '"' if open_ else "")
    for mark in marks[1:]:
        after = text[mark.end() : mark.end() + 1]
        if open_:
            yield _worded(Span(*mark.span()), '", ' if text[mark.start() - 1].isalnum() else '" ')
        elif after in (".", ",", ";", ":") and text[mark.end() + 1 :].strip():
            end = mark.end() + 1
            end += len(text[end:]) - len(text[end:].lstrip())
            yield _worded(Span(mark.start(), end), f'{after} "')
        elif not text[mark.end() :].strip(" .,;:"):
            yield _worded(Span(*mark.span()), "")
            return
        else:
            yield _worded(Span(*mark.span()), ' "')
        open_ = not open_
    if open_:
        end = len(text.rstrip())
        yield Protected(Span(end, end), How.WORDING, "", '"')


def _capitals(text: str, unknown: frozenset[str]) -> Iterator[Protected]:
    """Find words in capitals with letters that the model knows only in lower case: ESPAÑA."""
    if unknown.isdisjoint(text):
        return
    for match in re.finditer(r"[^\W\d_]{2,}", text):
        word = match[0]
        small = word[0] + word[1:].lower()
        if word.isupper() and not unknown.isdisjoint(word) and unknown.isdisjoint(small):
            yield _worded(Span(*match.span()), small)


def _worded(span: Span, rewording: str) -> Protected:
    return Protected(span, How.WORDING, "", rewording)
