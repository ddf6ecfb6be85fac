"""Find where the sentences of a paragraph end.

sentencex finds the ends; false ends after an abbreviation or inside a name are corrected here
("9 a.m. | EST", "n. | º 7", "Yahoo! | Japan").
"""

import re
from collections.abc import Iterator

import sentencex

from pipeline.checks.lexicon import FUNCTION_WORDS, ordinary_words

Span = tuple[int, int]

_MOST_AT_ONCE = 4_000
"""Maximum number of characters given to the splitter at once: its time is quadratic for some texts."""
LONGEST = 2_000
"""Maximum characters of a sentence. A longer one is cut: the checks compare each pair of words."""

_CUTS = (re.compile(r"[.!?;:…]['\"”’»)\]]*\s+"), re.compile(r",['\"”’»]*\s+"), re.compile(r"\s+"))
"""Where a long sentence is cut, best first: after clause punctuation, otherwise at white space."""

_NEVER_LAST = {
    "en": """
        mr mrs ms messrs mx dr prof gov sen rep sens reps lt col gen maj capt cmdr sgt cpl adm brig supt insp
        det rev fr hon pres amb mt ft vs v vol vols fig figs approx dept univ e.g i.e c.f cf
    """,
    "es": """
        sr sra srta srs sres sras dr dra drs d dª dña dn don prof profa gral cnel cmdte cap tte sgto alm lic
        ing arq mons pbro fr sto sta excmo excma ilmo ilma ayto aytos hnos hno hna cía pdte pdta vicepdte
        admón avda av ctra pza pl pº urb edif dpto depto dptos gob prov mun art arts núm núms nro nº pág págs
        tel tfno tlf vol vols aprox fdo s.d c.d u.d a.d r.c r.c.d c.f r.s p.ej p ej cf vs
    """,
}
"""Abbreviations that never end a sentence, without their last full stop."""
_ABBREVIATIONS = {language: frozenset(words.split()) for language, words in _NEVER_LAST.items()}
_SOMETIMES_LAST = "co corp inc ltd llc plc jr snr sr st ave blvd rd etc al s.a s.l s.l.u cie"
_MAY_BE_LAST = frozenset(_SOMETIMES_LAST.split())
"""Abbreviations that may end a sentence, but do not before a word in capitals."""
_BEFORE_FIGURES = """
    no nos p pp pág págs núm art arts sec ch c ca v vol fig
    jan feb mar apr jun jul aug sep sept oct nov dec ene abr ago dic
"""
_BEFORE_FIGURE = frozenset(_BEFORE_FIGURES.split())
_LOOK = 80
"""Number of characters examined on either side of an end."""
_LAST_WORD = re.compile(r"(?<![\w.])((?:[^\W\d_]+\.)*[^\W\d_]+)\.$")
_TIME_OF_DAY = re.compile(r"\b[ap]\.\s?m\.$")
_ZONE = re.compile(
    r"(?:[A-Z]{1,4}T|GMT|UTC|Eastern|Central|Mountain|Pacific|Atlantic|Greenwich)\b|\("
    r"|(?:(?!(?:The|This|That|El|La)\b)[A-Z]\w+\s)?(?:local\s)?(?:[Tt]ime|[Hh]ora)\b"
)
"""What follows a time of day and belongs to it; all abbreviations of zones but two end in T."""
_CALLED = re.compile(r"[a-záéíóúñ,]\s[A-ZÁÉÍÓÚÑ]\w*!$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_INITIALS = re.compile(r"(?:[A-ZÁÉÍÓÚÑ]\.)+")
_SHORT = 5
"""Maximum number of letters in an abbreviation."""
_NAMES_WITH_A_MARK = ("Yahoo!", "Jeopardy!", "Which?", "Wham!")
"""Names that news also puts at the start of a sentence, where they look like an exclamation."""


def sentence_spans(text: str, language: str) -> list[Span]:
    """The spans of the sentences in text order, without the white space between them.

    `language` is a BCP-47 tag; one that the splitter does not know gets the general rules.
    """
    ends: list[int] = []
    start = 0
    for end in _ends(text, language):
        before = text[max(start, end - _LOOK) : end].rstrip()
        after = text[end : end + _LOOK].lstrip()
        if before and after and _goes_on(before, after, language):
            continue
        ends += _cuts(text, start, end)
        start = end
    spans, start = [], 0
    for end in ends:
        bare = text[start:end].strip()
        if bare:
            begin = text.index(bare, start)
            spans.append((begin, begin + len(bare)))
        start = end
    return spans


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text, without the white space between them."""
    return [text[start:end] for start, end in sentence_spans(text, language)]


def clause_end(text: str) -> int:
    """Where to end a piece within the text: in its last two thirds if there is a good place."""
    for cut in _CUTS:
        places = [match.end() for match in cut.finditer(text) if match.end() > len(text) // 3]
        if places:
            return places[-1]
    return len(text)


def _ends(text: str, language: str) -> Iterator[int]:
    """The ends found by the splitter, each after the white space that follows it, and the end of the text."""
    start = 0
    while start < len(text):
        part = text[start : start + _MOST_AT_ONCE]
        found = [len(sentence) for sentence in sentencex.segment(language, part)]
        if start + len(part) < len(text) and len(found) > 1:
            found.pop()  # may continue after this part: it begins the next
        elif sum(found) < len(part):
            found.append(len(part) - sum(found))
        for length in found:
            start += length
            yield start


def _goes_on(before: str, after: str, language: str) -> bool:
    """Whether there is no sentence end between the two: after an abbreviation, or inside a name."""
    following = _FIRST_WORD.match(after)
    word = following[0].lower() if following else ""
    begins_small = after[:1].islower()
    if after[:1] in ("º", "ª", "°"):
        return True
    if _TIME_OF_DAY.search(before):
        return begins_small or _ZONE.match(after) is not None
    if before.endswith("!"):
        is_name = before.endswith(_NAMES_WITH_A_MARK) or _CALLED.search(before) is not None
        return begins_small or (is_name and not _is_function_word(word, language))
    if before.endswith("?"):
        return begins_small
    abbreviated = _LAST_WORD.search(before)
    if abbreviated is None:
        return False
    short = abbreviated[1].lower()
    if short in _ABBREVIATIONS.get(language, ()):
        return True
    if after[0].isdigit():
        return short in _BEFORE_FIGURE
    if short == "bros":
        return not _is_function_word(word, language)
    if short in _MAY_BE_LAST or _INITIALS.fullmatch(abbreviated[0]):
        return begins_small or (bool(word) and word not in ordinary_words(language))
    return begins_small and len(short) <= _SHORT and short not in ordinary_words(language)


def _is_function_word(word: str, language: str) -> bool:
    return word in FUNCTION_WORDS.get(language, ())


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """The ends of the parts of a sentence, none longer than `LONGEST`."""
    while (left := end - start) > LONGEST:
        # Two similar parts rather than a long one and a very short one.
        start += clause_end(text[start : start + min(LONGEST, (left + 1) // 2)])
        yield start
    yield end
