"""Answers: the translation or summary in what a language model says, without its thoughts and its chatter."""

import re

_THOUGHTS = re.compile(r"<(think|thinking|reasoning)>.*?</\1>\s*", re.DOTALL | re.IGNORECASE)
_UNFINISHED_THOUGHTS = re.compile(r"<(think|thinking|reasoning)>", re.IGNORECASE)
_FENCE = re.compile(r"\A```[\w-]*\n(.*?)\n?```\Z", re.DOTALL)
_LANGUAGE = r"(?:[A-Z][a-z]+|español|français|deutsch|português|italiano)"
_NAMES = "(?:translation|traducción|traduction|übersetzung|tradução|summary|resumen|résumé|resumo)"
_OPENING = re.compile(
    rf"""\A(?:
        (?:(?:sure|certainly|of\ course|okay|ok|claro|por\ supuesto)\b[^\n:.!]{{0,80}}[:!.]\s*)?
        (?:(?:here\ is|here's|here\ you\ go|the|aquí\ (?:está|tienes)|esta\ es|la)\b[^\n:]{{0,80}}:\s*)?
        (?:\**(?:{_LANGUAGE}\ )?{_NAMES}\**\s*:\**\s*)?
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_SAYS_TRANSLATION = re.compile(r"translat|traduc|traduç|übersetz|summar|resum|résum", re.IGNORECASE)
_CLOSING = re.compile(
    r"""\n+\s*[(\[*_]*(?:
        notes?\b | nota\b | notas\b | explanation\b | explicación\b | translator's\ note |
        let\ me\ know | i\ hope | please\ (?:let|note) | if\ you\ (?:need|have|would) |
        this\ translation | espero\ que | (?:the\ )?(?:original|source)\ text
    ).*\Z""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_REFUSAL = re.compile(
    r"""\b(?:
        as\ an\ ai\b | as\ a\ language\ model |
        (?:can(?:no|')t|unable\ to|won't|will\ not)\ (?:\w+\ ){0,3}?
            (?:translate|assist|help\ with|fulfill|comply|provide) |
        como\ (?:una?\ )?(?:modelo\ de\ lenguaje|inteligencia\ artificial) |
        no\ puedo\ (?:traducir|ayudar|asistir|cumplir|proporcionar)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_QUOTES = {'"': '"', "“": "”", "«": "»", "'": "'", "‘": "’", "„": "“"}
_BOLD = re.compile(r"\A\*\*([^*]+)\*\*\Z", re.DOTALL)


def read_answer(answer: str, source: str) -> str | None:
    """Return the translation of `source` in a model's answer; None if it refused or said nothing.

    Thoughts are left out, and what surrounds the translation if the source has nothing like it: a code
    fence, an introduction, a note, quotation marks and bold type.
    """
    text = _THOUGHTS.sub("", answer).strip()
    if _UNFINISHED_THOUGHTS.search(text) and not _UNFINISHED_THOUGHTS.search(source):
        return None
    if _REFUSAL.search(text) and not _mentions_refusals(source):
        return None
    if fenced := _FENCE.match(text):
        text = fenced[1].strip()
    text = text[_introduction(text, source) :].lstrip()
    if not _CLOSING.search(f"\n{source}"):
        text = _CLOSING.sub("", text).rstrip()
    if (bold := _BOLD.match(text)) and "**" not in source:
        text = bold[1].strip()
    text = _without_quotes(text, source)
    return text or None


def _mentions_refusals(source: str) -> bool:
    """Whether a source may well be translated by what reads like a refusal."""
    return bool(
        _REFUSAL.search(source)
        or re.search(r"\b(?:AI|IA|sorry|can'?t|cannot|unable|refus\w+|puedo)\b", source)
    )


def _introduction(text: str, source: str) -> int:
    """Return the length of what introduces the translation, such as "Here is the translation:".

    It names the translation, or is a line of its own. A source that has a colon or a line break, or speaks of
    translations, may itself be translated by something like it.
    """
    found = _OPENING.match(text)
    if found is None or not found[0] or (":" in source and ":" in found[0]):
        return 0
    is_a_line = "\n" in found[0] and "\n" not in source
    names_it = _SAYS_TRANSLATION.search(found[0]) and not _SAYS_TRANSLATION.search(source)
    return found.end() if is_a_line or names_it else 0


def _without_quotes(text: str, source: str) -> str:
    """Remove quotation marks around a whole answer whose source has none around it."""
    closing = _QUOTES.get(text[:1])
    if len(text) < 3 or closing is None or text[-1] != closing or source[:1] in _QUOTES:
        return text
    inner = text[1:-1]
    return text if text[0] in inner or closing in inner else inner.strip()
