"""Find people whose names contain ordinary words: "Mark Hill", "Ms Jordan", "José Luis de la Torre".

A model translates such names, and a word list cannot distinguish them from ordinary words. They are
recognised by a title, a given name, a byline, or the article that begins a Spanish surname.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.checks.countries import accepted_names
from pipeline.checks.lexicon import FUNCTION_WORDS, lines, ordinary_words
from pipeline.spans import Span

_CAPITAL = r"[A-ZÀ-ÖØ-Þ](?:[^\W\d_]|['’-](?=[^\W\d_])(?!['’]s\b))+"
_JOINT = r"(?: (?:de la|de los|de las|del|van|von|der|dos|da)(?= [A-ZÀ-Þ]))?"
_TITLES = (
    r"(?:Mr|Mrs|Ms|Mx|Dr|Dra|Sir|Dame|Prof|Rev|Sgt|Capt|Col|Lt|Cllr|Sen|Rep|Sr|Sra|Srta|Dña|Don|Doña"
    r"|Señora?|Señorita)\.?"
)
_TITLE = re.compile(_TITLES)
_RUN = re.compile(
    rf"(?<![\w@#/-])(?:{_TITLES} )?{_CAPITAL}(?:{_JOINT} {_CAPITAL}| [A-Z]\.(?= [A-Z]))*"
)
_TITLE_BEFORE = re.compile(r"\b(?:don|doña|señora?|señorita|familia|D\.|D\.ª) $")
_ARTICLE = re.compile(r"\b(De la|De los|De las|Del) ([A-ZÀ-Þ][^\W\d_]+)")
_ARTICLE_BEFORE = re.compile(r"\b(?:the|a|an|el|la|los|las|un|una) $", re.IGNORECASE)
_BYLINE = re.compile(
    r"^(?:By|Por|(?:Photo(?:graph)?s?|Pictures?|Words|Text|Reporting|Writing|Editing|Fotos?|Texto)"
    r"(?::| by| de)) "
    rf"(?={_CAPITAL}(?:(?:,| and| y| in| en| for)? {_CAPITAL})*[\W\d]*$)"
)
_RESULT = re.compile(
    rf"^(?P<home>{_CAPITAL}(?: {_CAPITAL})*) \d{{1,3}},? (?P<away>{_CAPITAL}(?: {_CAPITAL})*) \d{{1,3}}\b"
)
_INSTITUTIONS_TEXT = """
    Academy Act Agency Airport Alliance Arena Association Authority Avenue Award Awards Bank Bay
    Beach Board Bridge Building Cathedral Centre Center Church City Club College Commission
    Committee Company Conference Corp Corporation Council County Court Cup Day Department Exchange
    Festival Foundation Fund Gallery Government Group Hall Hospital Hotel House Inc Institute
    Island Islands Lake Law League Library Ltd Market Ministry Mountain Museum Network News Office
    Open Opera Organization Palace Park Parliament Party Police Press Prize Project Province Pub
    Report Republic River Road School Scotland Senate Series Service Society Square Stadium State
    States Station Street Studio Studios Summit Times Tower Trust Union United University Valley
    War Week Congreso Gobierno Ministerio Partido Universidad Consejo Tribunal Estado Comité Banco
    Calle Plaza Avenida
"""
_INSTITUTIONS = frozenset(_INSTITUTIONS_TEXT.split())
"""Last words of the names of organisations and places, not of people."""
_AUXILIARIES = frozenset({"Will", "May", "Can", "Do", "Don"})
_LONGEST = 5
"""Maximum words of a name that are examined, without joining words."""


def people(text: str, language: str) -> list[Span]:
    """The names of people that contain an ordinary word, a country or an article, without titles."""
    if language not in ("en", "es"):
        return []
    found: list[Span] = []
    for match in _RESULT.finditer(text):
        found += [Span(*match.span("home")), Span(*match.span("away"))]
    byline = _BYLINE.match(text)
    for match in _RUN.finditer(text):
        start, end = match.span()
        if byline is not None and start < byline.end():
            start = byline.end()
            if start >= end:
                continue
        name = _name(text, Span(start, end), language, sure=byline is not None)
        if name is not None and not any(name.start < o.end and o.start < name.end for o in found):
            found.append(name)
    for match in _ARTICLE.finditer(text) if language == "es" else ():
        if match[2] in surnames() and (match.start() or text[match.end() : match.end() + 1] == ","):
            found.append(Span(*match.span()))
    return sorted(_apart(found))


@cache
def given_names() -> frozenset[str]:
    """English and Spanish given names."""
    return frozenset(lines("given_names.txt"))


@cache
def surnames() -> frozenset[str]:
    """English and Spanish surnames, each word of a compound surname separately."""
    return frozenset(lines("surnames.txt"))


def _name(text: str, run: Span, language: str, *, sure: bool) -> Span | None:
    """The person's name in a run of capitalised words; None if there is none or it is not at risk."""
    words = [
        Span(run.start + m.start(), run.start + m.end())
        for m in re.finditer(_CAPITAL, text[run.start : run.end])
    ]
    said = [text[slice(*word)] for word in words]
    titled = bool(_TITLE_BEFORE.search(text, max(0, run.start - 12), run.start))
    first = 0
    while first < len(said) and _TITLE.fullmatch(said[first]):
        titled, first = True, first + 1
    if not titled and not sure:
        first = next((i for i, word in enumerate(said) if word in given_names()), len(said))
    last = min(first + _LONGEST, len(said))
    # "Felipe VI", "Bill Cash MP": words in capitals are not part of the name.
    while last > first + 1 and said[last - 1].isupper():
        last -= 1
    if first >= last or (not titled and not sure and last - first < 2):
        return None
    span = Span(words[first].start, words[last - 1].end)
    name = said[first:last]
    if not titled and not sure:
        # In title case, and after an article, a capital says little.
        in_title = len(said) > _LONGEST or _ARTICLE_BEFORE.search(text, 0, span.start) is not None
        auxiliary = name[0] in _AUXILIARIES and _begins(text, span.start)
        if not _is_person(name, language, needs_surname=in_title or auxiliary):
            return None
    article = re.search(rf" (?:del|de l[ao]s?) ({_CAPITAL})", text[span.start : span.end])
    if article is not None and not titled and not _is_surname(article[1]):
        return None  # "Marco de las Naciones Unidas"
    if sure and last - first < 2:
        return None
    return span if article is not None or any(map(_is_risky, name)) else None


def _is_person(name: Sequence[str], language: str, *, needs_surname: bool) -> bool:
    """Whether a given name and the word after it form the name of a person."""
    given, following = name[0], name[1]
    if not _INSTITUTIONS.isdisjoint(name):
        return False
    if any(following.lower() in words for words in FUNCTION_WORDS.values()):
        return False
    # "Media Luna Roja": in Spanish many given names are also words.
    is_word = language == "es" and given.lower() in ordinary_words("es")
    if needs_surname or is_word or given in accepted_names("en") | _PLACES:
        return _is_surname(following)
    return following not in accepted_names("en")


def _is_surname(word: str) -> bool:
    return any(form in surnames() for form in (word, f"{word}s", word.rstrip("s")))


_PLACES_TEXT = """
    Paris Sydney Austin Dallas Houston Virginia Carolina Charlotte Madison Jackson Lincoln
    Santiago Florence Victoria London Berlin Milan April May June August Sierra Savannah
    Alexandria Asunción Mercedes Trinidad San Santa Los Las
"""
_PLACES = frozenset(_PLACES_TEXT.split())
"""Given names that are also places, months or saints."""


def _is_risky(word: str) -> bool:
    """Whether a model may translate the word."""
    lower = word.lower()
    return (
        lower in ordinary_words("en")
        or lower in ordinary_words("es")
        or word in accepted_names("en")
        or word in _PLACES
    )


def _begins(text: str, start: int) -> bool:
    return not text[:start].rstrip(" “\"'‘«¿¡(—-").rstrip() or text[:start].rstrip()[-1:] in ".!?:"


def _apart(spans: Sequence[Span]) -> Iterator[Span]:
    """The spans, without those inside another span."""
    for span in spans:
        if not any(o != span and o.start <= span.start and span.end <= o.end for o in spans):
            yield span
