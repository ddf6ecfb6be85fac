"""Find negative words. How many there are differs between languages; whether there is one does not."""

import re
from collections.abc import Sequence

from pipeline.checks.facts import Fact, Kind
from pipeline.checks.words import Word

_DENY = {
    "en": frozenset(
        {"not", "no", "never", "nobody", "nothing", "none", "neither", "nor", "nowhere", "without", "cannot"}
    ),
    "es": frozenset(
        {"no", "nunca", "jamás", "nadie", "nada", "ningún", "ninguno", "ninguna", "ningunos", "ningunas",
         "ni", "sin", "tampoco"}
    ),
}  # fmt: skip
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
        r"descono|desacuer|desocup|desmien|desmint|descart|sol[oa]mente|sólo\b|único|cuanto antes|"
        r"en vez|en lugar|raro|difícil|rehús|rehus|injust)\w*",
        re.IGNORECASE,
    ),
}
"""Other ways to express a denial: a translation that has one is not flagged."""
_NEAR_DENIAL = re.compile(
    r"\b(?:(?:out|outside) of|otherwise|silent|opposite|false|un(?!der|i|til|cle|to\b)\w{4})",
    re.IGNORECASE,
)
_PLAIN = {
    "en": frozenset({"not", "no", "never", "cannot"}),
    "es": frozenset({"no", "nunca", "jamás", "tampoco"}),
}
"""Words that negate a statement; the others more often describe a manner ("sin problemas")."""
_NO_DENIAL = {
    "en": re.compile(
        r"\bnot only\b|\bno doubt\b|\bno longer\b|\bno less\b|\bno more\b|\bno matter\b|\bor not\b|"
        r"\bnothing but\b|\bno\.|\bnot to mention\b|\bnone other\b|\bno one but\b|\bnot just\b|"
        r"\bno sooner\b|\bwhy not\b|\bn ?['’]t (?:you|it|they|he|she|we)\b|\bnot least\b|\bnot until\b|"
        r"\bcan ?['’]t wait|\bno-brainer",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\bno (?:sólo|solo|solamente|obstante|más que|bien|sino|hace más)\b|\bsin (?:embargo|duda|dudas|"
        r"falta|cesar|más)\b|\bnada más\b|¿no\?|\bni que\b|\bno (?:hay|cabe) duda|"
        r"\bno (?:hacen?|hizo|hicieron|es|son|era|fue) sino\b|\bno (?:hay|tiene|tienen) más que\b|"
        r"\b(?:hasta|a menos|mientras) que no\b|\bque nunca\b|\bcasi nunca\b|"
        r"\bno \w+[aiu]d[oa]s?\b|\bno (?:mayor|menor)\w*|\bno (?:\w+ ){1,2}otr[oa] |"
        r"\bno hace mucho\b|\bo no\b|\bno (?:pierd|dej|qued)\w+",
        re.IGNORECASE,
    ),
}


def negations(text: str, words: Sequence[Word], language: str) -> list[Fact]:
    """The negative words, except in set phrases; none for an unknown language."""
    found = [word for word in words if _denies(word, language)]
    if not found:
        return []
    phrases = [match.span() for match in _NO_DENIAL[language].finditer(text)]
    return [
        Fact(Kind.NEGATION, ("no",), word.span, word.text)
        for word in found
        if not any(start <= word.span.start < end for start, end in phrases)
    ]


def may_mean_denial(text: str, words: Sequence[Word], language: str) -> bool:
    """Whether a translator may use a negation where this text has none: "unnamed", "silent", "out of"."""
    return may_deny(text, words, language) or (
        language == "en" and _NEAR_DENIAL.search(text) is not None
    )


def denials(found: Sequence[Fact], language: str) -> list[Fact]:
    """The negative words that turn a statement into its opposite."""
    plain = _PLAIN.get(language, frozenset())
    return [f for f in found if f.text.lower() in plain or _is_contracted(f.text.lower())]


def may_deny(text: str, words: Sequence[Word], language: str) -> bool:
    """Whether the text may deny in other words ("fails", "imposible") or in a set phrase."""
    if language not in _DENY or any(_denies(word, language) for word in words):
        return True
    return _SAID_OTHERWISE[language].search(text) is not None


def _denies(word: Word, language: str) -> bool:
    if word.lower in _DENY.get(language, ()):
        return True
    return language == "en" and _is_contracted(word.lower)


def _is_contracted(word: str) -> bool:
    """Whether a word in lower case ends with "n't", or "n 't" as some archives write it."""
    return word.endswith(("n't", "n’t", "n 't", "n ’t"))
