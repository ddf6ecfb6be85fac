"""English and Spanish expressions that small models misread, each with one that they read well.

Where a model lacks a word, the other language's word is sent: models copy it ("call 116 123", "vos sabés").
"""

import re
from collections.abc import Callable, Iterator, Sequence

from babel import Locale

from pipeline.checks.dictionary import is_word, lemma
from pipeline.checks.spelling import accents
from pipeline.checks.words import words
from pipeline.protect.headlines import future
from pipeline.spans import Span

_Rewording = str | Callable[[re.Match[str]], str]

_ENGLISH_DAYS = (
    r"\b(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|april|june|july|august"
    r"|september|october|november|december)s?\b"
)
_WHOLLY = (
    r"(?:(?P<wholly>completely|strongly|totally|entirely|utterly|fundamentally|firmly|wholly) )?"
)
_MODALS = frozenset({"to", "will", "may", "can", "would", "might", "could", "should"})
_OF_SPORT = re.compile(
    r"(?<![\d-])\d{1,2}[-–]\d{1,2}(?![\d-])"
    r"|\b(?:goals?|scored?|penalty|kick-off|half-time|striker|midfielder|goalkeeper|league|match|minute)\b",
    re.IGNORECASE,
)
_OF_ELECTRICITY = re.compile(
    r"\b(?:homes?|houses?|households|customers|properties|storms?|gales|hurricane|grid|outages?|blackouts?"
    r"|substation|heat|water)\b",
    re.IGNORECASE,
)


def rewordings(text: str, language: str) -> Iterator[tuple[Span, str]]:
    """Find the expressions of a text that are reworded, and their rewordings."""
    for pattern, rewording in {"en": _ENGLISH, "es": _SPANISH}.get(language, ()):
        for match in pattern.finditer(text):
            new = rewording if isinstance(rewording, str) else rewording(match)
            if new != match[0]:
                yield Span(*match.span()), new
    if language == "en" and (to := future(text)) is not None:
        yield to, "will"
    if language == "es":
        yield from _voseo(text)
        yield from _unaccented(text)


def _disagreeing(match: re.Match[str]) -> str:
    before = match.string[: match.start()].split()[-1:]
    auxiliary = {"disagree": "do not", "disagrees": "does not", "disagreed": "did not"}[
        match["verb"]
    ]
    if before and before[0].lower() in _MODALS:
        auxiliary = "not"
    return f"{auxiliary} agree{' at all' if match['wholly'] else ''}"


def _half_of_match(match: re.Match[str]) -> str:
    """A model reads "first half" as half a year; of a match, it is a part."""
    return f"{match[1]} part" if _OF_SPORT.search(match.string) else match[0]


def _electricity(match: re.Match[str]) -> str:
    return f"{match[1]} electricity" if _OF_ELECTRICITY.search(match.string) else match[0]


_ENGLISH: Sequence[tuple[re.Pattern[str], _Rewording]] = [
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
    (re.compile(rf"\b{_WHOLLY}(?P<verb>disagree[sd]?)\b(?! on\b)"), _disagreeing),
    (re.compile(r"\banything but (?P<word>[a-z]+)"), lambda match: f"not {match['word']} at all"),
    (
        re.compile(r"\b(\d) ?(?:['’′]|ft|feet) ?(\d{1,2}) ?(?:[\"”″]|in\b|inches\b)"),
        lambda match: f"{match[1]} feet {match[2]} inches",
    ),
    # An acronym stays an acronym.
    (re.compile(r"(?<![\w.&-])U\.?N(?:\.(?= [a-z]|['’]s)|(?![\w.&-]))"), "ONU"),
    (re.compile(r"(?:(?<=[,;:] )|(?<=\bor )|(?<=\b[Pp]lease ))call (?=\+?\d|\(\d)"), "llame al "),
    (re.compile(r"\bCall (?=\+?\d|\(\d)"), "Llame al "),
    (re.compile(r"(?<!The )\bFlight (?=[A-Z]{1,3} ?\d)"), "The flight "),
    (re.compile(r"(?<=\d) B\.?C\.?(?:E\b\.?)?(?!\w)"), " a. C."),
    (re.compile(r"(?<=\d) (?:A\.?D\.?|C\.?E\.?)(?!\w)"), " d. C."),
    (
        re.compile(r"\b(?:the )?(\d{1,3}(?:\+\d{1,2})?)(?:st|nd|rd|th) minute\b"),
        lambda match: f"minute {match[1]}",
    ),
    (re.compile(r"\b(first|second) half\b"), _half_of_match),
    (re.compile(r"\b(without|no|lost|losing|restored?) power\b", re.IGNORECASE), _electricity),
]


def _month(match: re.Match[str]) -> str:
    return f"de {_MONTHS[match[1].lower()]}"


_MONTHS = {
    name[:letters]: name
    for name in Locale("es").months["format"]["wide"].values()
    for letters in (3, 4)
    if letters == 3 or name == "septiembre"
} | {"set": "septiembre"}
_OFFICES = {"Sanidad": "Salud", "Hacienda": "Finanzas"}
_SPANISH: Sequence[tuple[re.Pattern[str], _Rewording]] = [
    (
        re.compile(
            rf"(?:(?<=\b\d )|(?<=\b\d\d ))({'|'.join(_MONTHS)})\b\.?(?! de [^\d])",
            re.IGNORECASE,
        ),
        _month,
    ),
    (re.compile(r"\b(?:Enhorabuena|Felicidades) (?=al? )"), "Felicitaciones "),
    (re.compile(r"\b(?:corte de (?:luz|electricidad)|apagón)\b"), "blackout"),
    (re.compile(r"\b(?:cortes de (?:luz|electricidad)|apagones)\b"), "blackouts"),
    (re.compile(r"\b([Cc])onsejer[oa] delegad[oa]\b"), lambda match: f"{match[1]}hief executive"),
    (
        re.compile(
            r"\b[Cc]onsejer[oa] de (?P<office>Sanidad|Salud|Educación|Hacienda|Interior|Cultura)\b"
        ),
        lambda match: f"minister de {_OFFICES.get(match['office'], match['office'])}",
    ),
]


_VOS = re.compile(r"\b(?:vos|sos)\b", re.IGNORECASE)
_OF_VOS = re.compile(r"\b(?P<stem>[^\W\d_]{2,})(?P<ending>[áé]s|ís)\b")
_UNLISTED = frozenset({"podés"})
"""Verbs that the dictionary lacks."""
_FUTURE = re.compile(r"(?:[aei]r|dr|br)ás$")
_ALWAYS_ACCENTED_TEXT = """
    adios ahi alli algun ademas aqui asi atras cafe despues detras dia dias jamas lider mayoria millon
    ningun pais paises quiza quizas segun sabado tambien telefono todavia traves util
"""
_ALWAYS_ACCENTED = frozenset(_ALWAYS_ACCENTED_TEXT.split())
"""Words that are in the dictionary because they are so often misspelled."""
_TU = {"ás": "as", "és": "es", "ís": "es"}
_DIPHTHONGS = {"e": "ie", "o": "ue"}


def _voseo(text: str) -> Iterator[tuple[Span, str]]:
    """The verbs that agree with "vos", each as it agrees with "tú": "vos querés", "tú quieres"."""
    if _VOS.search(text) is None:
        return
    for match in _VOS.finditer(text):
        form = "eres" if match[0].lower() == "sos" else "tú"
        yield Span(*match.span()), form.capitalize() if match[0][0].isupper() else form
    for match in _OF_VOS.finditer(text):
        word = match[0].lower()
        # The lemma of "querés" is "querer", that of "interés" itself.
        if _FUTURE.search(word) or (lemma(word, "es") == word and word not in _UNLISTED):
            continue
        stem, ending = match["stem"], _TU[match["ending"]]
        vowel = max(stem.rfind("e"), stem.rfind("o"))
        changed = stem[:vowel] + _DIPHTHONGS.get(stem[vowel], "") + stem[vowel + 1 :]
        forms = [form for form in (changed + ending, stem + ending) if is_word(form.lower(), "es")]
        if forms:
            yield Span(*match.span()), forms[0]


def _unaccented(text: str) -> Iterator[tuple[Span, str]]:
    """The words that lack an accent in a text written without any: "trabajas aqui"."""
    if not text.isascii():
        return
    for word in words(text):
        if word.capital or not word.text.isalpha():
            continue
        listed = is_word(word.text, "es") and word.text not in _ALWAYS_ACCENTED
        found = [form for form in accents(word.text) if not listed and is_word(form, "es")]
        if len(found) == 1:
            yield word.span, found[0]
