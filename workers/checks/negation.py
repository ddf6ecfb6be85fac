"""Words that deny. Their number differs between languages; that there is one does not."""

import re

from workers.checks.facts import Fact, Kind, Span

_DENY = {
    "en": re.compile(
        r"\b(?:not|no|never|nobody|nothing|none|neither|nor|nowhere|without|cannot|cant|dont|"
        r"\w+n['’]t)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:no|nunca|jamás|nadie|nada|ning[uú]n[ao]?s?|ni|sin|tampoco|ni siquiera)\b",
        re.IGNORECASE,
    ),
}
_SAID_OTHERWISE = {
    "en": re.compile(
        r"\b(?:fail|lack|refus|reject|den(?:y|ies|ied|ial)|avoid|prevent|absen|declin|miss|hardly|barely|"
        r"unless|free of|non|stop|ban|illegal|impossib|incap|unab|unlike|unknown|unclear|unwill|unpreced|"
        r"impati|far from|rather than|instead|rul\w* out|only|little|few|except|without)\w*|\w+less\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:falt|carec|carenc|neg(?!oc|r)|nieg|rechaz|evit|imped|impid|ausen|salvo\b|excepto|apenas|"
        r"sino\b|exclu|fracas|cero\b|ilegal|nul[ao]|dej[óoae]\w* de|lejos|prohib|renunci|fuera de|"
        r"pendiente|poc[oa]s?\b|imposib|incap|inútil|insuf|innec|inexist|imprev|improb|inacep|incump|"
        r"descono|desacuer|desmien|desmint|descart|sol[oa]mente|sólo\b|único|cuanto antes|en vez|en lugar|"
        r"raro|difícil)\w*",
        re.IGNORECASE,
    ),
}
"""Words that say a denial otherwise: a translation that has one is not flagged."""
_NO_DENIAL = {
    "en": re.compile(
        r"\bnot only\b|\bno doubt\b|\bno longer\b|\bno less\b|\bno more\b|\bno matter\b|\bor not\b|"
        r"\bnothing but\b|\bno\.|\bnot to mention\b|\bnone other\b|\bno one but\b|\bnot just\b|"
        r"\bno sooner\b|\bwhy not\b|\bn['’]t (?:you|it|they|he|she|we)\b|\bnot least\b|\bnot until\b|"
        r"\bcan['’]t wait",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\bno (?:sólo|solo|solamente|obstante|más que|bien|sino|hace más)\b|\bsin (?:embargo|duda|dudas|"
        r"falta|cesar|más)\b|\bnada más\b|¿no\?|\bni que\b|\bno hay duda|"
        r"\b(?:hasta|a menos|mientras) que no\b",
        re.IGNORECASE,
    ),
}


def negations(text: str, language: str) -> list[Fact]:
    """The words that deny, set phrases aside; none for a language that is not known."""
    if language not in _DENY:
        return []
    phrases = [match.span() for match in _NO_DENIAL[language].finditer(text)]
    return [
        Fact(Kind.NEGATION, ("no",), Span(*match.span()), match[0])
        for match in _DENY[language].finditer(text)
        if not any(start <= match.start() < end for start, end in phrases)
    ]


def may_deny(text: str, language: str) -> bool:
    """Whether the text may say a denial in other words ("fails", "imposible") or in a set phrase."""
    if language not in _DENY:
        return True
    return bool(_SAID_OTHERWISE[language].search(text) or _DENY[language].search(text))
