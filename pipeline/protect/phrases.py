"""Phrases without a sentence as context: "Perfecto.", "Weather", "Morning Carol.", “Good,” he said."""

import re
from collections.abc import Iterator, Mapping

from pipeline.checks.phrasebook import phrase_key, phrasebook
from pipeline.protect.spans import How, Protected
from pipeline.spans import Span

_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"^[«“\"](?P<inside>[^«»“”\"]+)[»”\"]\.?$")
_LINE = re.compile(
    r"^(?:[—–―]\s?)?(?P<opens>[¡¿]*)(?P<phrase>[^\W\d_][\w'’ -]*?)(?P<closes>[.!?…:]*)$"
)
_VOCATIVE = re.compile(
    r"^(?P<phrase>[^\W\d_][\w'’]*(?: \w+)?),? "
    r"(?=(?:M(?:r|rs|s)\.? )?[A-ZÀ-Þ][\w'’-]+(?: [A-Z][\w'’-]+)?(?P<end>[.!,]?)$)"
)
_SPOKEN = re.compile(
    r"(?:[«“\"‘]|^)(?P<phrase>[^\W\d_][\w'’ ]{1,24}?)"
    r"(?=[.,!?]?[»”\"’]|, (?:dij|contest|respond|said|he |she ))"
)
"""A phrase that is all that is said: “Good,” he said."""
_REPEATED = re.compile(
    r"^(?P<opens>[¡¿]*)(?P<phrase>(?P<word>[^\W\d_]+)(?:,? (?P=word)){2,})(?P<closes>[.!?…]*)$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^(?P<phrase>[^\W\d_][\w'’ -]{0,30}?)(?=: | ?\| |/ )")
_GREETINGS_TEXT = """
    hello hi hey morning good-morning good-afternoon good-evening good-night goodbye bye thanks
    thank-you sorry welcome congratulations bravo hola buenos-días buenas-tardes buenas-noches
    adiós gracias enhorabuena felicidades bienvenido bienvenida
"""
_GREETINGS = frozenset(_GREETINGS_TEXT.split())
_TITLES = {"en": {"Mr": "Sr.", "Mrs": "Sra.", "Ms": "Sra."}, "es": {}}
_LONGEST = 40
"""Maximum length of a line that is looked up, in characters."""


def known_phrases(text: str, source: str, target: str) -> Iterator[Protected]:
    """Find known phrases: a line, the label before a line, a greeting before a name, what is said."""
    table = phrasebook(source, target)
    if not table:
        return
    label = _LABEL.match(text)
    if label is not None and (known := table.get(phrase_key(label["phrase"]))) is not None:
        yield Protected(Span(*label.span()), How.CUT, _cased(known, label["phrase"]))
    line = _line(text, table, target) or _before_name(text, table, source, target)
    if line is not None:
        yield Protected(Span(0, len(text)), How.CUT, line)
        return
    for match in _SPOKEN.finditer(text):
        if (known := table.get(phrase_key(match["phrase"]))) is not None:
            spoken = _cased(known, match["phrase"])
            yield Protected(Span(*match.span("phrase")), How.AS_SAID, spoken, spoken)


def _line(text: str, table: Mapping[str, str], target: str) -> str | None:
    """The translation of a line that is a known phrase, or one word of it several times."""
    again = _REPEATED.match(text)
    if again is not None and (known := table.get(phrase_key(again["word"]))) is not None:
        phrase = _WORD.sub(lambda word: _cased(known, word[0]), again["phrase"])
        return _written(phrase, again["phrase"], again["opens"], again["closes"], target)
    if len(text) > _LONGEST:
        return None
    quoted = _QUOTED.match(text)
    match = _LINE.match(quoted["inside"] if quoted else text)
    if match is None or (known := table.get(phrase_key(match["phrase"]))) is None:
        return None
    translation = _written(known, match["phrase"], match["opens"], match["closes"], target)
    return f'"{translation}"' if quoted else translation


def _before_name(text: str, table: Mapping[str, str], source: str, target: str) -> str | None:
    """The translation of a line that is a greeting and a name."""
    match = _VOCATIVE.match(text) if len(text) <= _LONGEST else None
    if match is None or match["phrase"].lower().replace(" ", "-") not in _GREETINGS:
        return None
    known = table.get(phrase_key(match["phrase"]))
    if known is None:
        return None
    opens = "¡" if target == "es" and match["end"] == "!" else ""
    name = text[match.end() :]
    for title, ours in _TITLES.get(source, {}).items():
        name = re.sub(rf"^{title}\b\.?", ours, name)
    return f"{opens}{_cased(known, match['phrase'])}, {name}"


def _written(known: str, phrase: str, opens: str, closes: str, target: str) -> str:
    """Write the phrase with the capitals and marks of the source; Spanish also gets the opening marks."""
    text = _cased(known, phrase)
    if target != "es":
        return text + closes
    before = "".join({"!": "¡", "?": "¿"}.get(mark, "") for mark in reversed(closes.strip(".…:")))
    return f"{before or opens}{text}{closes}"


def _cased(known: str, phrase: str) -> str:
    return known if phrase[0].isupper() else known[0].lower() + known[1:]
