"""Spanish verbs that do not have the form that their subject needs.

Only what is visible without parsing is checked:

- a noun with its article at the beginning of a clause, perhaps with an adjective or "de" and another noun,
  and directly after them a finite verb of the other number: "la tormenta los recortaron";
- a name with an age, or a plural with a relative clause, and a verb of the other number;
- an infinitive in the place of the finite verb of a headline: "Alcalde liberar a 107 presos".
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.checks.clauses import begins_clause, is_time
from pipeline.checks.dictionary import is_listed, lemma
from pipeline.checks.lexicon import FUNCTION_WORDS, genders, ordinary_words
from pipeline.spans import Span

_ONE = "el|la|un|una|este|esta|ese|esa|aquel|aquella|su"
_SEVERAL = "los|las|unos|unas|estos|estas|esos|esas|aquellos|aquellas|sus"
_WORD = r"[a-záéíóúüñ]{3,}"
_SINGULAR = (
    r"[a-záéíóúüñ]+(?:ó|ía|aba|[aei]rá)"
    r"|ha|puede|debe|tiene|está|fue|dijo|hizo|quiere|tuvo|pudo|quiso|estuvo"
)
_PLURAL = (
    r"[a-záéíóúüñ]+(?:ían|aban|[aei]rán|aron|[ie]eron|jeron)"
    r"|fueron|han|pueden|deben|tienen|están|quieren"
)
"""Forms that are no nouns, adjectives or adverbs as well: unlike "fuera", "dura" and "cuenten"."""
_SUBJECT = re.compile(
    rf"\b(?i:(?P<one>{_ONE})|{_SEVERAL}) (?P<noun>{_WORD}) "
    rf"(?:(?P<adjective>(?!(?:l[oa]s|les|nos|también) ){_WORD}) )?"
    r"(?P<of>(?:del|de(?: (?:la|el|los|las|su|sus|un|una))?) \w+ )?"
    rf"(?:(?:no|también|ya) )?(?P<object>l[oa]s? )?(?:(?:me|nos|les?|se) )?(?P<verb>{_SINGULAR}|{_PLURAL})\b"
    r"(?! ser\b)"
)
_AGED = re.compile(
    rf"\b[A-ZÁÉÍÓÚÑ]\w+, (?:de )?\d{{1,3}}(?: años)?, (?:no )?(?:se )?(?P<verb>{_PLURAL})\b"
)
"""A person with an age: "Maduro, 61 años, habían ganado"."""
_DESCRIBED = re.compile(
    rf"(?:(?i:{_SEVERAL}) )?(?P<noun>\w{{3,}}s) que (?P<first>[a-záéíóúüñ]+n) "
    rf"(?P<between>(?:[a-záéíóúüñ]+ ){{0,8}}?)(?P<verb>{_SINGULAR})\b"
)
"""A sentence's subject with a relative clause: "Vídeos que circulan en las redes sociales capturó"."""
_OF_ONE = re.compile(
    r"\b(?:el|la|un|una|del|al|su|cada|est[ea]|es[ea]|lo|y|o|ni|que|quien|donde|cuando|como|si|se|le"
    r"|también)\b"
)
"""Words that show that the verb may have another subject."""
_ANY_NUMBER = frozenset({"había", "habría", "habrá", "será", "serán", "eran"})
"""Impersonal verbs, and a copula, which may agree with what follows: "el problema serán los costes"."""
_RELATIVE = re.compile(r"de (?:\w+ )?(?:que|qui[eé]n(?:es)?|cual(?:es)?) ")
_COLLECTIVE = re.compile(
    r"mayoría|minoría|mitad|tercio|cuarto|resto|parte|gente|grupo|par|pareja|serie|docena|decena|centena"
    r"|centenar|millar|millón|multitud|número|cantidad|total|conjunto|familia|equipo|policía|causa|clave"
)
"""Nouns in the singular that a verb in the plural may follow: "la clave serán los"."""
_NO_NOUN = re.compile(
    r"(?:cual|que|mism[oa]|próxim[oa]|pasad[oa]|últim[oa]|primer[oa]?|segund[oa]|tercer[oa]?|nuestr[oa]|vuestr[oa]"
    r"|antigu[oa]|gran|buen[oa]?|otr[oa]|verdad|únic[oa]|nuev[oa]|tod[oa]|dos|tres|público)(?:e?s)?"
)
"""Words after an article that often come before the noun, or replace it."""
_NUMBERS = (("aron", "ó"), ("ieron", "ió"), ("eron", "ó"), ("eron", "o"), ("ieron", "o"), ("n", ""))
"""The endings of a verb in the third person plural and singular."""
_HEADLINE = re.compile(
    r"(?P<subject>\w+(?: \w+){0,2}) (?P<verb>[a-záéíóúüñ]+[aeií]r) "
    r"(?:a|al|el|la|los|las|un|una|unos|unas|su|sus|más|nuev[oa]s?|\d[\d.,]*)\b[^.!?:;]*$"
)
"""A line without a full stop."""
_NO_SUBJECT = re.compile(
    r"a|e|o|u|aunque|asimismo|incluso|no|cómo|qué|s[oó]lo|apenas|todavía|a[uú]n|así|tras|según|antes?|después"
    r"|bien|mejor|peor|menos|yo|tú|muy|casi|además|luego|tampoco|nunca|siempre|mediante|contra|cuánto|dónde"
    r"|\w+[ai]dos?"
)
_STEMS = (("", ""), ("e", "ie"), ("o", "ue"), ("u", "ue"), ("e", "i"), ("u", "uy"))
"""How the vowel of a Spanish stem may change in the present tense."""


def wrong_verbs(text: str, language: str) -> Iterator[tuple[Span, str]]:
    """The spans of verbs in a wrong form, each with its correction; Spanish only."""
    if not genders(language):
        return
    for match, one in _with_subjects(text):
        verb = match["verb"]
        right = None if verb in _ANY_NUMBER else _in_number(verb, one=one)
        if right is not None:
            yield Span(*match.span("verb")), right
    yield from _infinitives(text)


def _with_subjects(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Matches with a verb after its subject, and whether the subject is in the singular."""
    for match in _SUBJECT.finditer(text):
        one = match["one"] is not None
        if _is_subject(match, one=one) and begins_clause(text, match.start()):
            yield match, one
    for match in _AGED.finditer(text):
        if begins_clause(text, match.start()):
            yield match, True
    described = _DESCRIBED.match(text)
    if (
        described is not None
        and _is_infinitive(lemma(described["first"], "es"))
        and _OF_ONE.search(described["between"]) is None
    ):
        yield described, False


def _is_subject(match: re.Match[str], *, one: bool) -> bool:
    """Whether the words before a verb can only be its subject, and are of one number."""
    noun, adjective, others = match["noun"], match["adjective"], match["of"]
    if not _is_noun(noun) or one == noun.endswith("s") or is_time(noun):
        return False
    if one and (_COLLECTIVE.fullmatch(noun) or others):
        return False
    if others and _RELATIVE.fullmatch(others):
        return False
    # "Los vídeos los grabó un vecino": the object may come first, and is repeated by a pronoun.
    if match["object"] and match["object"].strip().endswith("s") != one:
        return False
    return adjective is None or (
        adjective.endswith("s") != one
        and adjective not in FUNCTION_WORDS["es"]
        and not adjective.endswith("mente")
        and not is_time(adjective)
        and not _COLLECTIVE.fullmatch(adjective)
        and not _is_infinitive(lemma(adjective, "es"))
    )


def _is_noun(word: str) -> bool:
    """Whether a word after an article is likely to be a noun."""
    return word in genders("es") or (
        word in ordinary_words("es")
        and word not in FUNCTION_WORDS["es"]
        and not _NO_NOUN.fullmatch(word)
        and not re.fullmatch(f"{_SINGULAR}|{_PLURAL}", word)
    )


@cache
def _in_number(verb: str, *, one: bool) -> str | None:
    """A verb of the third person in the other number than it has; None if it has this one, or is no verb."""
    infinitive = lemma(verb, "es")
    if verb.endswith("n") != one or not _is_infinitive(infinitive):
        return None
    for several, single in _NUMBERS:
        old, new = (several, single) if one else (single, several)
        form = verb.removesuffix(old) + new
        if verb.endswith(old) and form != verb and lemma(form, "es") == infinitive:
            return form
    return None


def _is_infinitive(word: str) -> bool:
    return word.endswith(("ar", "er", "ir", "ír"))


def _infinitives(text: str) -> Iterator[tuple[Span, str]]:
    match = _HEADLINE.match(text)
    if match is None:
        return
    subject = match["subject"].split()
    right = _present(match["verb"])
    if right is None or any(map(_is_no_subject, subject)):
        return
    head = subject[0].lower()
    several = head.endswith("s") and any(is_listed(head[:-size], "es") for size in (1, 2))
    yield Span(*match.span("verb")), f"{right}n" if several else right


def _is_no_subject(word: str) -> bool:
    """Whether a word may be other than a noun, an adjective or a name: "Busca", "Cómo"."""
    lower = word.lower()
    return (
        lower in FUNCTION_WORDS["es"]
        or _NO_SUBJECT.fullmatch(lower) is not None
        or any(_is_infinitive(lemma(form, "es")) for form in (lower, f"{lower}n"))
    )


@cache
def _present(infinitive: str) -> str | None:
    """The third person singular, in the present; None if the word may be no verb."""
    if lemma(infinitive, "es") != infinitive or f"{infinitive}es" in ordinary_words("es"):
        return None
    stem, ending = infinitive[:-2], "a" if infinitive.endswith("ar") else "e"
    forms = []
    for vowel, changed in _STEMS:
        before, found, after = stem.rpartition(vowel) if vowel else (stem, "", "")
        form = f"{before}{changed if found else ''}{after}{ending}"
        if lemma(form, "es") == infinitive:
            forms.append(form)
    usual = [form for form in forms if form in ordinary_words("es")]
    return next(iter([*usual, *forms]), None)
