"""Find numbers in a text, in digits, in words or in both, with their unit and all possible readings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.checks.facts import Fact, Kind
from pipeline.checks.number_words import NUMBER_WORDS, NumberWord, Role
from pipeline.figures.currencies import units as currency_units
from pipeline.figures.magnitudes import ABBREVIATIONS, POWERS
from pipeline.figures.notation import DIGITS, read_digits
from pipeline.spans import Span

_TOKEN = re.compile(rf"(?P<digits>{DIGITS})(?P<suffix>[^\W\d_]+|\.?[ºª])?|[½¼¾]|[^\W\d_]+")
_CODE = re.compile(r"[^\W\d_]$|\b(?:[^\W\d_]{1,2}|[A-ZÑ]{2,})-$")
"""Precedes digits that are part of a code: "N800", "F-16", "COVID-19", but not "mid-1990s"."""
_FRACTIONS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75")}
_UNITS = (
    "st nd rd th s er ers do da ro ra to ta mo ma vo va no na ª º .ª .º o a p c km kg g mg cm mm m "
    "h hs hrs min mins seg am pm kph mph ft lb lbs oz gb mb tb kb hz mhz ghz w kw mw gw v cc"
)
SUFFIXES = ABBREVIATIONS.union(_UNITS.split())
"""Letters that may be attached to digits; digits with any other letters are a code ("3D")."""
_BEFORE = re.compile(r"((?:\b[A-Z]{1,3})?[$€£¥₣-₿¢]|\b[A-Z]{3}|\bS/)\s?$")
_AFTER = re.compile(
    r"\s?(?P<percent>%)|[\s-]{0,2}(?P<percents>per ?cent\b|por ?cien(?:to)?\b|pct\b|puntos? porcentual|"
    r"percentage point)"
    r"|\s?(?P<symbol>[$€£¥₣-₿¢])|[\s-]+(?:de\s+)?(?:[A-Z][\w.]*\s+)?(?P<word>[^\W\d_]+)"
)
_GAP = re.compile(r"[ \u00a0\u202f]|-")
_AND = {"en": " and ", "es": " y "}
_HALF_MORE = {
    "en": re.compile(r" and a half\b", re.IGNORECASE),
    "es": re.compile(r" y medi[oa]\b", re.IGNORECASE),
}
_HALF_AFTER = re.compile(r" [^\W\d_]+ y medi[oa]\b", re.IGNORECASE)
"""Follows the number in "dos meses y medio"."""
_PERCENT_WORD = re.compile(r"\bpor ciento?$", re.IGNORECASE)
_ONE_BEFORE = re.compile(r"\b(?:a|one|per|un|el|los)\s$", re.IGNORECASE)
_ROMAN = re.compile(r"\b(?=[IVXL]{2}|(?<=siglo )[IVXL])(X{0,3}|XL|LX{0,3})(IX|IV|V?I{0,3})\b")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50}
_DECADE = re.compile(r"(?:['’]|\b(?:los|años|década de) )$", re.IGNORECASE)
_YEAR_BEFORE = re.compile(r"\b(\d\d)\d\d(?:[-–/]| (?:y|a|and|to) )$")
_YEARS = range(1100, 2100)
_TO = re.compile(r"\s?[-–—/]\s?| (?:to|or|and|a|o|u|y|e) |, ")
_SCALES = sorted(POWERS, key=len, reverse=True)
ORDINAL = "th"
"""The unit of an ordinal number."""
_HALF = Decimal("0.5")


@dataclass(slots=True)
class _Atom:
    """One number word or one number in digits."""

    start: int
    end: int
    word: NumberWord | None = None
    readings: tuple[Decimal, ...] = ()
    suffix: str = ""


@dataclass(slots=True)
class _Number:
    """The atoms combined so far: the complete part (`total`) and the part that a scale may still multiply."""

    start: int
    end: int
    total: Decimal = Decimal(0)
    current: tuple[Decimal, ...] = (Decimal(0),)
    scale: Decimal = Decimal(0)
    role: Role | None = None
    digits: str | None = None
    suffix: str = ""

    def values(self) -> tuple[Decimal, ...]:
        """All readings, the likeliest first."""
        return tuple(self.total + value for value in self.current)


def numbers(text: str, language: str) -> list[Fact]:
    """The numbers of a text, in order, each with its unit."""
    found = [
        _fact(number, text, language) for number in _compose(_atoms(text, language), text, language)
    ]
    _share_scales(found, text)
    return [*found, *_romans(text)]


def canonical(value: Decimal) -> str:
    """A number in the form used for comparison: plain digits without unnecessary zeros."""
    whole = value.to_integral_value()
    if value == whole:
        return format(whole, "f")  # `int` refuses to print more than 4,300 digits
    return format(value.normalize(), "f")


def _atoms(text: str, language: str) -> Iterator[_Atom]:
    words = NUMBER_WORDS.get(language, {})
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        token = match[0]
        if match["digits"]:
            suffix = (match["suffix"] or "").lower()
            if (suffix and suffix not in SUFFIXES) or _CODE.search(text, max(0, start - 8), start):
                continue
            value = read_digits(match["digits"], language)
            if value is not None:
                yield _Atom(start, end, readings=(value,), suffix=suffix)
        elif token in _FRACTIONS:
            yield _Atom(start, end, NumberWord(Role.HALF, _FRACTIONS[token]))
        elif (word := words.get(token.lower())) is not None and not _PERCENT_WORD.search(
            text, max(0, start - 4), end
        ):
            yield _Atom(start, end, word)


def _compose(atoms: Iterator[_Atom], text: str, language: str) -> Iterator[_Number]:
    """Combine adjacent atoms: "163 mil millones", "two and a half million"."""
    number: _Number | None = None
    for atom in atoms:
        if number is not None:
            if atom.start < number.end:  # the half of "and a half", already consumed
                continue
            gap = text[number.end : atom.start]
            if _append(number, atom, gap, language):
                _take_half(number, text, language)
                continue
            yield from _complete(number)
        number = _begin(atom)
        if number is not None:
            _take_half(number, text, language)
    if number is not None:
        yield from _complete(number)


def _complete(number: _Number) -> Iterator[_Number]:
    if number.role is not Role.PLURAL_SCALE:
        yield number


def _begin(atom: _Atom) -> _Number | None:
    number = _Number(atom.start, atom.end)
    if atom.word is None:
        number.current, number.digits, number.suffix = atom.readings, "", atom.suffix
        if atom.suffix in ABBREVIATIONS:
            scale = Decimal(10 ** POWERS[atom.suffix])
            number.current = (*(value * scale for value in atom.readings), *atom.readings)
        return number
    number.role = atom.word.role
    if number.role in (Role.SCALE, Role.PLURAL_SCALE):
        number.total, number.scale = atom.word.value, atom.word.value
    else:
        number.current = (atom.word.value,)
    return number


def _append(number: _Number, atom: _Atom, gap: str, language: str) -> bool:
    """Append the atom if it continues the number; return whether it did."""
    word = atom.word
    joined = gap.lower() == _AND.get(language)
    if word is None:
        return _append_digits(number, atom, gap, language)
    if not (joined or _GAP.fullmatch(gap) or gap.lower() in (" a ", " de ")):
        return False
    if gap.lower() in (" a ", " de ") and word.role not in (Role.SCALE, Role.PLURAL_SCALE):
        return False
    if number.role in (Role.ORDINAL, Role.PLURAL_SCALE) or number.suffix:
        return False
    current = number.current[0]
    match word.role:
        case Role.SCALE | Role.PLURAL_SCALE if not joined:
            if gap.lower() == " a " and number.role is not Role.HALF:
                return False
            _multiply(number, word.value)
        case Role.HUNDRED if 0 < current < 100 and not joined:
            number.current = tuple(value * 100 for value in number.current)
        case Role.HUNDREDS | Role.TEN | Role.UNIT | Role.ORDINAL if number.digits is None:
            if not _fits(number, word, joined, language):
                return False
            number.current = (current + word.value,)
        case Role.LOOSE if number.role is Role.TEN and joined and word.value == 1:  # treinta y un
            number.current = (current + 1,)
        case _:
            return False
    number.end, number.role = atom.end, word.role
    if number.role is Role.PLURAL_SCALE:
        number.role = Role.SCALE
    return True


def _append_digits(number: _Number, atom: _Atom, gap: str, language: str) -> bool:
    """Append digits that follow a scale, as in Mexican "2 mil 300" and "1 million 200 thousand"."""
    follows = language in _AND and gap == " " and number.scale >= 1000 and not atom.suffix
    if not follows or number.current[0] or atom.readings[0] >= number.scale:
        return False
    if number.digits is None:
        return False
    number.current, number.end = atom.readings[:1], atom.end
    return True


def _multiply(number: _Number, scale: Decimal) -> None:
    """Multiply the part that follows the last greater scale: 2 mil 300 *millones*."""
    if number.scale > scale:
        number.total += (number.current[0] or 1) * scale
        number.current = (Decimal(0),)
    else:
        number.current = tuple((value or 1) * scale for value in number.values())
        number.total = Decimal(0)
        if len(number.current) == 1:
            number.total, number.current = number.current[0], (Decimal(0),)
    number.scale = scale


def _fits(number: _Number, word: NumberWord, joined: bool, language: str) -> bool:
    """Whether a word below 1,000 may follow: twenty-*five*, hundred and *five*, dos mil *cien*."""
    if number.role is Role.LOOSE or number.role is Role.HALF:
        return False
    current = number.current[0]
    if word.role is Role.HUNDREDS:
        return current == 0 and number.scale >= 1000 and not joined
    if (current and current % 100 == 0) or (current == 0 and number.scale >= 1000):
        return not joined or language == "en"
    return number.role is Role.TEN and 0 < word.value < 10 and joined == (language == "es")


def _take_half(number: _Number, text: str, language: str) -> None:
    """Add the half of "two and a half" and of "un millón y medio"."""
    pattern = _HALF_MORE.get(language)
    if pattern is None or number.role in (Role.ORDINAL, Role.HALF):
        return
    if match := pattern.match(text, number.end):
        number.end = match.end()
        half = _HALF * (number.scale or 1)
        number.current = tuple(value + half for value in number.current)


def _fact(number: _Number, text: str, language: str) -> Fact:
    written = text[number.start : number.end]
    values = list(number.values())
    value = values[0]
    unit = _unit(number, text, language)
    is_year = written.isdecimal() and len(written) == 4 and int(value) in _YEARS and unit is None
    before = max(0, number.start - 12)
    if number.suffix == "s" or (
        len(written) == 2 and value >= 20 and _DECADE.search(text, before, number.start)
    ):
        values += _decades(int(value))
    elif written.isdecimal() and (year := _YEAR_BEFORE.search(text, before, number.start)):
        values.append(Decimal(year[1] + written))
    if number.role not in (Role.ORDINAL, Role.HALF) and _HALF_AFTER.match(text, number.end):
        values.append(value + _HALF)
    if values[0] == _HALF:
        values.append(Decimal(50))
    return Fact(
        Kind.YEAR if is_year else Kind.NUMBER,
        tuple(dict.fromkeys(map(canonical, values))),
        Span(number.start, number.end),
        written,
        ORDINAL if number.role is Role.ORDINAL else unit,
        firm=number.digits is not None or _is_firm(number, text),
    )


def _is_firm(number: _Number, text: str) -> bool:
    """Whether a number in words must be kept: not "one", nor the hundred of "several hundred"."""
    if number.role in (Role.LOOSE, Role.HALF, Role.ORDINAL) or number.values()[0] < 2:
        return False
    if number.role in (Role.SCALE, Role.HUNDRED) and " " not in text[number.start : number.end]:
        return bool(_ONE_BEFORE.search(text, max(0, number.start - 6), number.start)) or (
            text[number.start : number.end].lower() == "mil"
        )
    return True


def _unit(number: _Number, text: str, language: str) -> str | None:
    before = _BEFORE.search(text, max(0, number.start - 6), number.start)
    if before is not None:
        unit = currency_units(language).get(before[1])
        if unit is not None:
            return unit
    after = _AFTER.match(text, number.end)
    if after is None:
        return None
    if after["percent"] or after["percents"]:
        return "%"
    word = after["symbol"] or after["word"]
    return currency_units(language).get(word) or currency_units(language).get(word.lower())


def _decades(value: int) -> list[Decimal]:
    """The other ways to write a decade or a year: 1990 and 90."""
    if value < 100:
        return [Decimal(1900 + value), Decimal(2000 + value), Decimal(1800 + value)]
    return [Decimal(value % 100)] if value in _YEARS else []


def _share_scales(facts: list[Fact], text: str) -> None:
    """Add the reading "ten million" to the 10 of "10 to 20 million"."""
    for index in range(len(facts) - 2, -1, -1):
        here, after = facts[index], facts[index + 1]
        gap = text[here.span.end : after.span.start]
        if not _TO.fullmatch(gap):
            continue
        scale = next((s for s in _SCALES if after.text.lower().endswith(s)), None)
        if scale is None or here.text[-1:].isalpha():
            continue
        more = tuple(canonical(Decimal(value) * 10 ** POWERS[scale]) for value in here.values)
        facts[index] = replace(here, values=(*here.values, *more))


def _romans(text: str) -> Iterator[Fact]:
    """Roman numerals, as in "siglo XIX": not firm, because English writes them differently or omits them."""
    for match in _ROMAN.finditer(text):
        if match[0]:
            digits = [_ROMAN_DIGITS[letter] for letter in match[0]]
            pairs = zip(digits, [*digits[1:], 0], strict=True)
            value = sum(-one if one < following else one for one, following in pairs)
            yield Fact(Kind.NUMBER, (str(value),), Span(*match.span()), match[0], firm=False)
