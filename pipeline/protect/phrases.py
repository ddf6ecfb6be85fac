"""Lines of one or two words, without a sentence as context: "Perfecto.", "Weather", "Morning Carol."."""

import re
from collections.abc import Iterator

from pipeline.checks.phrasebook import phrase_key, phrasebook
from pipeline.protect.spans import How, Protected
from pipeline.spans import Span

_QUOTED = re.compile(r"^[«“\"](?P<inside>[^«»“”\"]+)[»”\"]\.?$")
_LINE = re.compile(r"^(?P<opens>[¡¿]*)(?P<phrase>[^\W\d_][\w'’ -]*?)(?P<closes>[.!?…:]*)$")
_VOCATIVE = re.compile(
    r"^(?P<phrase>[^\W\d_][\w'’]*(?: \w+)?),? "
    r"(?=(?:M(?:r|rs|s)\.? )?[A-ZÀ-Þ][\w'’-]+(?: [A-Z][\w'’-]+)?(?P<end>[.!,]?)$)"
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
    """Find a line that is a known phrase, the label before a line, or the greeting before a name."""
    table = phrasebook(source, target)
    if not table:
        return
    label = _LABEL.match(text)
    if label is not None and (known := table.get(phrase_key(label["phrase"]))) is not None:
        yield Protected(Span(*label.span()), How.CUT, _cased(known, label["phrase"]))
    if len(text) > _LONGEST:
        return
    quoted = _QUOTED.match(text)
    match = _LINE.match(quoted["inside"] if quoted else text)
    if match is not None and (known := table.get(phrase_key(match["phrase"]))) is not None:
        translation = _written(known, match["phrase"], match["opens"], match["closes"], target)
        yield Protected(Span(0, len(text)), How.CUT, f'"{translation}"' if quoted else translation)
        return
    match = _VOCATIVE.match(text)
    if match is None or match["phrase"].lower().replace(" ", "-") not in _GREETINGS:
        return
    known = table.get(phrase_key(match["phrase"]))
    if known is not None:
        opens = "¡" if target == "es" and match["end"] == "!" else ""
        name = text[match.end() :]
        for title, ours in _TITLES.get(source, {}).items():
            name = re.sub(rf"^{title}\b\.?", ours, name)
        yield Protected(
            Span(0, len(text)), How.CUT, f"{opens}{_cased(known, match['phrase'])}, {name}"
        )


def _written(known: str, phrase: str, opens: str, closes: str, target: str) -> str:
    """Write the phrase with the capitals and marks of the source; Spanish also gets the opening marks."""
    text = _cased(known, phrase)
    if target != "es":
        return text + closes
    before = "".join({"!": "¡", "?": "¿"}.get(mark, "") for mark in reversed(closes.strip(".…:")))
    return f"{before or opens}{text}{closes}"


def _cased(known: str, phrase: str) -> str:
    return known if phrase[0].isupper() else known[0].lower() + known[1:]
