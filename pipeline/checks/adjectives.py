"""Spanish adjectives and participles that do not agree with their noun in gender.

A noun is often followed by a participle of another one ("the signing of the programme was …"), so only these
patterns are checked:

- an adjective between article and noun: "la primera puente", "un buen película";
- a participle directly after article and noun, where no preposition comes before: "las empresas asegurados";
- an adjective there, where no other noun with "and" or "of" comes before: "las autoridades venezolanos";
- a participle in the predicate of a noun that begins its clause: "que tres personas fueron arrestados".
"""

import re
from collections.abc import Iterator, Mapping

from pipeline.checks.clauses import begins_clause, is_time
from pipeline.checks.determiners import FEMININE, MASCULINE, PATTERN
from pipeline.checks.dictionary import lemma
from pipeline.checks.lexicon import genders, ordinary_words
from pipeline.spans import Span

_SHORTENED = {"primera": "primer", "tercera": "tercer", "buena": "buen", "mala": "mal"}
"""Adjectives that lose their "o" before a noun in the masculine singular."""
_WHOLE = {short: whole for whole, short in _SHORTENED.items()}
_BEFORE = (
    "antigu", "cuart", "diminut", "divers", "famos", "gigantesc", "históric", "larg", "mism", "nuev",
    "numeros", "pequeñ", "presunt", "propi", "próxim", "quint", "segund", "sext", "supuest", "últim", "únic",
    "viej",
)  # fmt: skip
"""The stems of adjectives that often come before their noun."""
_NUMBERS = (
    r"\d[\d.,]*|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|cien|mil"
)
_ABOUT = r"(?i:(?:más|menos|cerca|alrededor) de|al menos|casi|unos|unas)"
_VERBS = {
    True: r"son|eran|fueron|serán|serían|sean|están|estaban|estarán|estén|quedaron|resultaron"
    r"|(?:han|habían|habrán|hayan) sido",
    False: r"es|era|fue|será|sería|sea|está|estaba|estará|esté|quedó|resultó|(?:ha|había|habrá|haya) sido",
}
_OF_SUBJECT = "|".join(
    word for word in PATTERN.split("|") if word not in ("del", "al", "de la", "a la")
)
"""Those without a preposition."""
_PARTICIPLE = r"(?P<participle>[a-záéíóúüñ]+[aií]d[oa]s?)\b"
_NOUN = r"(?P<noun>[a-záéíóúüñ]{3,})"
_FIRST = re.compile(
    rf"\b(?P<article>(?i:{PATTERN})) "
    rf"(?P<adjective>{'|'.join([*_SHORTENED, *_WHOLE])}|(?:{'|'.join(_BEFORE)})[oa]s?) {_NOUN}\b"
)
_AFTER = re.compile(rf"\b(?P<article>(?i:{_OF_SUBJECT})) {_NOUN} {_PARTICIPLE}")
_ADJECTIVE = re.compile(
    rf"\b(?P<article>(?i:{_OF_SUBJECT})) {_NOUN} (?P<adjective>[a-záéíóúüñ]{{4,}}[oa]s?)\b(?![-–—/]| /)"
)
_PREDICATE = re.compile(
    rf"\b(?:{_ABOUT} )?(?:(?:los|las) )?(?i:{_OF_SUBJECT}|{_NUMBERS}) {_NOUN} (?:no )?"
    rf"(?:(?P<plural>{_VERBS[True]})|{_VERBS[False]}) {_PARTICIPLE}"
)
_PREPOSITION = re.compile(
    r"\b(?:a|ante|bajo|con|contra|de|desde|durante|en|entre|hacia|hasta|para|por|según|sin|sobre|tras) $",
    re.IGNORECASE,
)
_AND = re.compile(r"\b(?:y|e|o|u|ni) $", re.IGNORECASE)
_LONGEST_WORD = 12
"""Characters before a match that are looked at."""
_FIXED = {"vez", "debido", "debida", "debidos", "debidas"}
"""Words of expressions that do not agree: "una vez terminado el partido", "la pérdida debido a"."""
_NO_ADJECTIVE = re.compile(
    r"algun[oa]s?|bajo|bomba|cuy[oa]s?|demasiado|dich[oa]|ell[oa]s|luego|manifiesta|medi[oa]|mejora|mism[oa]"
    r"|much[oa]s?|nuestr[oa]|objetivo|poco|pero|primero|pronto|puesto|punto|rara|segundo|sino|solo|suy[oa]"
    r"|tanto|temprano|tercero|tod[oa]s?|vuestr[oa]"
)
"""Words with four endings that belong to what follows, or are adverbs, nouns and verbs too: "rara vez"."""


def wrong_adjectives(text: str, language: str) -> list[tuple[Span, str]]:
    """The spans of nouns and adjectives that do not agree, each with its correction; Spanish only."""
    table = genders(language)
    if not table:
        return []
    return [*_first(text, table), *_adjectives(text, table), *_participles(text, table)]


def _first(text: str, table: Mapping[str, str]) -> Iterator[tuple[Span, str]]:
    for match in _FIRST.finditer(text):
        article, adjective, noun = match["article"].lower(), match["adjective"], match["noun"]
        gender = "m" if article in FEMININE else "f"
        agrees = gender == ("f" if adjective.removesuffix("s").endswith("a") else "m")
        if not agrees or table.get(noun, gender) == gender:
            continue
        if article.endswith("s") != noun.endswith("s"):
            continue
        if gender == "m":
            article, adjective = FEMININE[article], _WHOLE.get(adjective) or _turned(adjective)
        else:
            article, adjective = (
                MASCULINE[article],
                _SHORTENED.get(adjective) or _turned(adjective),
            )
        if match["article"][0].isupper():
            article = article[0].upper() + article[1:]
        yield Span(match.start(), match.end()), f"{article} {adjective} {noun}"


def _adjectives(text: str, table: Mapping[str, str]) -> Iterator[tuple[Span, str]]:
    for match in _ADJECTIVE.finditer(text):
        noun, adjective = match["noun"], match["adjective"]
        gender = "m" if match["article"].lower() in FEMININE else "f"
        words_before = _before(text, match)
        if (
            table.get(noun) == gender
            and match["article"].endswith("s") == noun.endswith("s") == adjective.endswith("s")
            and adjective.removesuffix("s").endswith("o" if gender == "f" else "a")
            and _is_adjective(adjective)
            and not noun.endswith(("ar", "er", "ir"))
            and not {noun, adjective} & _FIXED
            and not _PREPOSITION.search(words_before)
            and not _AND.search(words_before)
        ):
            start = match.start("adjective") - match.start()
            yield Span(*match.span()), f"{match[0][:start]}{_turned(adjective)}"


def _is_adjective(word: str) -> bool:
    """Whether the word has four endings and is no form of a verb, such as "cuenta" and "juega"."""
    singular = word.removesuffix("s")
    stem, known = singular[:-1], ordinary_words("es")
    return (
        _NO_ADJECTIVE.fullmatch(word) is None
        and word not in genders("es")
        and all(f"{stem}{ending}" in known for ending in ("o", "a", "os", "as"))
        and f"{stem}ar" not in known
        and not lemma(f"{singular}n", "es").endswith(("ar", "er", "ir"))
        and not singular.endswith(("ado", "ada", "ido", "ida"))
    )


def _participles(text: str, table: Mapping[str, str]) -> Iterator[tuple[Span, str]]:
    for match in _AFTER.finditer(text):
        gender = "m" if match["article"].lower() in FEMININE else "f"
        if is_time(match["noun"]):
            continue
        if table.get(match["noun"]) == gender and not _PREPOSITION.search(_before(text, match)):
            yield from _corrected(match, gender)
    for match in _PREDICATE.finditer(text):
        noun = match["noun"]
        number = noun.endswith("s") == bool(match["plural"])
        if number and noun in table and not is_time(noun) and begins_clause(text, match.start()):
            yield from _corrected(match, table[noun])


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _LONGEST_WORD) : match.start()]


def _corrected(match: re.Match[str], gender: str) -> Iterator[tuple[Span, str]]:
    """The match with its participle in the noun's gender, if it is one and has the other."""
    noun, participle = match["noun"], match["participle"]
    same_number = noun.endswith("s") == participle.endswith("s")
    other = participle.removesuffix("s").endswith("o" if gender == "f" else "a")
    if same_number and other and not {noun, participle} & _FIXED and _is_participle(participle):
        start = match.start("participle") - match.start()
        yield Span(match.start(), match.end()), f"{match[0][:start]}{_turned(participle)}"


def _is_participle(word: str) -> bool:
    """Whether the word is a regular participle and nothing else, unlike "decida" and "medidas"."""
    singular = word.removesuffix("s")
    stem, vowel = singular[:-3], singular[-3]
    known = ordinary_words("es")
    infinitives = ("ar",) if vowel == "a" else ("er", "ir")
    return (
        len(stem) > 1
        and word not in genders("es")
        and f"{singular[:-1]}ir" not in known
        and any(stem + ending in known for ending in infinitives)
    )


def _turned(word: str) -> str:
    """The adjective or participle in the other gender."""
    stem = word.removesuffix("s")
    return f"{stem[:-1]}{'a' if stem.endswith('o') else 'o'}{word[len(stem) :]}"
