"""Recognise the kind of a line by the line alone: byline, credit, note, time, dateline."""

import re
from functools import cache

from babel import Locale

from pipeline.documents.document import BlockKind
from pipeline.phrases import compile_expressions

_CAPITALISED = r"[A-ZÁÉÍÓÚÑÜ][\w.'’-]*"
_IN_CAPITALS = r"[A-ZÁÉÍÓÚÑÜ]{2}[A-ZÁÉÍÓÚÑÜ.'’-]*"
_PERSON = rf"{_CAPITALISED}(?:[ ](?:(?:de|del|la|van|von|der)[ ])*{_CAPITALISED}){{1,3}}"
_PROFESSION = (
    r"(?:writers?|reporters?|correspondents?|editors?|journalists?|columnists?|producers?|photographers?"
    r"|author|contributor|critic|fellow|professor|lecturer"
    r"|redactora?|periodista|corresponsal(?:es)?|columnista|editora?|reporter[oa]|enviad[oa][ ]especial"
    r"|fotógraf[oa]|escritora?|profesora?|autora?)"
)
_AGENCY = (
    r"(?:EFE|AFP|AP|ANSA|DPA|Reuters|REUTERS|Europa[ ]Press|EUROPA[ ]PRESS|Télam|Notimex|Xinhua|TASS"
    r"|Bloomberg|PA(?:[ ]Media|[ ]Wire)?|Getty(?:[ ]Images)?|Shutterstock|EPA|Agencias|Redacción"
    r"|Archivo|ARCHIVO)"
)
_MEDIUM = (
    r"(?:photo(?:graph)?s?|image|picture|video|graphic|illustration|foto(?:grafía)?s?|imagen|vídeo"
    r"|gráfico|ilustración)"
)

_BYLINE = re.compile(
    rf"""(?:B[Yy]|P[Oo][Rr]|Words:|Texto:|From|De)\s+{_CAPITALISED}(?:\s+(?:{_CAPITALISED}|and|y|e|de|del|la|for|in|en|en:)|,)*
      (?:,?\s(?:\w+\s){{0,3}}(?i:{_PROFESSION})(?:\s(?:in|en|at)\s{_CAPITALISED}(?:\s{_CAPITALISED})*)?)?
      | {_PERSON},\s(?:\w+\s){{0,3}}(?i:{_PROFESSION})(?:\s(?:in|en|at|of|de)\s[^.]{{1,40}})?
      | {_AGENCY}(?:\s?[|/,-]\s?{_CAPITALISED}(?:\s{_CAPITALISED}){{0,2}}){{1,2}}
      | {_PERSON}\s?[|]\s?{_CAPITALISED}(?:\s{_CAPITALISED}){{0,2}}""",
    re.VERBOSE,
)
_BYLINE_WITH_PLACES = re.compile(
    rf"{_PERSON} (?:in|en) {_CAPITALISED}(?: {_CAPITALISED})*"
    rf"(?:(?:,| and| y) {_PERSON} (?:in|en) {_CAPITALISED}(?: {_CAPITALISED})*)*"
)
_PROFESSIONALLY = re.compile(rf"\b{_PROFESSION}\b", re.IGNORECASE)

_CREDIT = compile_expressions(
    "documents/data/credits.txt", medium=_MEDIUM, capitalised=_CAPITALISED
)
_AGENCY_CREDIT = re.compile(
    rf"\(?(?:©\s?)?(?:{_AGENCY}(?:\s?/\s?[\w .'’/-]{{1,60}})?"
    rf"|{_PERSON}\s?/\s?{_AGENCY}[\w .'’/-]{{0,60}})\)?\.?"
)
_SIGNED_POST = re.compile(r"[—–-]{1,2}\s?[^@]{1,50}\(@\w{1,30}\)\s.{0,40}\d{4}")
_POST_LINK = re.compile(r"\b(?:pic\.twitter\.com|t\.co|pic\.x\.com)/\w+")

_ENDS_IN_CREDIT = re.compile(
    rf"""(?<=[.\s)])(?:
        \((?:{_MEDIUM}\s?(?:by|de|:)\s?)?[^()]{{2,40}}\s?/\s?[^()]{{2,40}}\)
      | \((?:{_MEDIUM}\s?(?:by|de|credit|:)|{_AGENCY}\s?(?:/|photo|via))\s?[^()]{{0,60}}\)
      | (?i:{_MEDIUM})\s?(?:(?i:credit|by|de)\s?)?:\s?.{{2,60}}
      | {_AGENCY}\s?/\s?{_CAPITALISED}.{{0,40}}
      | \|\s?{_PERSON}(?:\s?/\s?.{{1,30}})?
      | ©\s?.{{2,50}}
      )\.?$""",
    re.VERBOSE,
)
_BEGINS_AS_CAPTION = re.compile(
    r"(?:FILE(?: PHOTO)?\s?[:–—-]|File photo:|ARCHIVO\s?[:.–—-]|(?:Foto|Imagen|Fotografía) de archivo\b"
    r"|(?:Pictured|Above|Below|Left|Right|En la (?:foto|imagen))(?: \w+)?:|Caption:|Pie de foto:"
    r"|Image caption\b)"
)
_NOTE = compile_expressions("documents/data/notes.txt")
_AUTHOR = re.compile(
    rf"(?P<name>{_PERSON}),? (?:is|was|es|reports?|covers?|writes?|writing|informa|escribe|cubre)\b.{{0,100}}"
)

_STAMP_PREFIX = re.compile(
    r"(?:first |last )?(?:published|updated|posted|modified|publicad[oa]|actualizad[oa]|creado"
    r"|última actualización)"
    r"(?: (?:at|on|el|a las|en))?:?",
    re.IGNORECASE,
)
_STAMP_WORDS_TEXT = """
    am pm a p m h hs hrs hr hour hours min mins minute minutes day days week weeks ago hace hora horas
    minuto minutos día días semana semanas at on of el la las a de del and y the gmt utc bst cest cet est
    edt et pt ct pst pdt local time today yesterday hoy ayer just now ahora updated published actualizado
    publicado last
"""
_STAMP_WORDS = frozenset(_STAMP_WORDS_TEXT.split())
_STAMP_SURE = re.compile(
    r"\d{1,2}[:.h]\d{2}|\b\d{1,2}\s?[ap]\.?m\b|\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}|\b\d{4}-\d\d-\d\d"
    r"|\bago\b|\b[Hh]ace\b",
)
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_LONGEST_STAMP = 90

_DATE = (
    r"(?:\d{1,2}\s(?:de\s)?[A-Za-z]{3,10}\.?(?:\s(?:de\s)?\d{4})?"
    r"|[A-Z][a-z]{2,9}\.?\s\d{1,2}(?:,?\s\d{4})?|\d{1,2})"
)
_PLACE = rf"{_CAPITALISED}(?:[ -](?:(?:de|del|la|los|las|el)[ ])*{_CAPITALISED}){{0,3}}"
_PLACE_IN_CAPITALS = rf"{_IN_CAPITALS}(?:[ -]{_IN_CAPITALS}){{0,3}}"
_IN_BRACKETS = r"\([A-ZÁÉÍÓÚ][\w./ -]{1,30}\)"
_DATELINE = re.compile(
    rf"""(?:
        {_PLACE_IN_CAPITALS}(?:,\s{_PLACE})?(?:,\s{_DATE})?(?:\s{_IN_BRACKETS})?
      | {_PLACE}(?:,\s{_PLACE})?,\s{_DATE}(?:\s{_IN_BRACKETS})?
      | {_PLACE}(?:,\s{_PLACE})?\s{_IN_BRACKETS}
      | {_PLACE}(?=\.[-–—])
      )\s?(?:\.\s?[-–—]{{1,2}}|[-–—]{{1,2}})\s?(?=[\w“"«‘¿¡])""",
    re.VERBOSE,
)
_DATELINE_ALONE = re.compile(
    rf"{_PLACE_IN_CAPITALS}(?:,\s{_PLACE})?,\s{_DATE}\s{_IN_BRACKETS}(?:\.?\s?[-–—]*)?"
)

MARK = re.compile(
    r"(?:[-*•‣▪·+]|\d{1,2}[.)]|[a-zA-Z][)])[ \t\u00a0]+(?=\S)"
    r"|(?P<heading>\#{1,6})[ \t]+(?=\S)|(?P<quoted>>)[ \t]?(?=\S)"
)
"""The mark at the start of a list item or of a Markdown heading."""
_OPENING_TAG = re.compile(r"<(?P<name>[A-Za-z][A-Za-z0-9]{0,20})(?:\s[^<>]{0,300})?(?<!/)>\s*")
_CLOSING_TAG = re.compile(r"\s*</(?P<name>[A-Za-z][A-Za-z0-9]{0,20})>$")


def kind_of_line(line: str) -> BlockKind | None:
    """The kind of a line that shows its kind by itself; None for other lines."""
    if len(line) > _LONGEST_NOTE:
        return None
    if is_timestamp(line):
        return BlockKind.TIMESTAMP
    if _DATELINE_ALONE.fullmatch(line):
        return BlockKind.DATELINE
    bare = line.strip("() ").removesuffix(".").removesuffix(")").lstrip("© ")
    if _CREDIT.fullmatch(bare) or _AGENCY_CREDIT.fullmatch(line) or _SIGNED_POST.fullmatch(line):
        return BlockKind.CREDIT
    if _NOTE.match(line.lstrip("(¿ ")):
        return BlockKind.NOTE
    if _BYLINE.fullmatch(line) and not line.endswith((".", "?", "!")):
        return BlockKind.BYLINE
    if _BEGINS_AS_CAPTION.match(line) or _ENDS_IN_CREDIT.search(line):
        return BlockKind.CAPTION
    if _POST_LINK.search(line):
        return BlockKind.POST
    return None


_LONGEST_NOTE = 800
"""Maximum characters of such a line; a longer paragraph belongs to the story."""


def is_signed_post(line: str) -> bool:
    """Whether the line signs a message of social media: "— Lola Vale (@lolavale) May 3, 2024"."""
    return _SIGNED_POST.fullmatch(line) is not None


def is_byline_with_places(line: str) -> bool:
    """Whether the line has names and places, like a byline without "by"."""
    return len(line) < _LONGEST_STAMP and _BYLINE_WITH_PLACES.fullmatch(line) is not None


def author_of(line: str) -> str | None:
    """The author that a line is about: "Jane Doe is a staff writer in Leeds."."""
    found = _AUTHOR.match(line) if len(line) <= _LONGEST_NOTE else None
    if found is None or _PROFESSIONALLY.search(found[0]) is None:
        return None
    return found["name"]


def is_timestamp(line: str) -> bool:
    """Whether the line is a date or a time and nothing else: "Fri 3 May 2024 14.05 BST", "Hace 3 horas"."""
    if len(line) > _LONGEST_STAMP or not any(character.isdigit() for character in line):
        return False
    prefix = _STAMP_PREFIX.match(line)
    rest = line[prefix.end() :] if prefix else line
    tokens = [token.lower() for token in _TOKEN.findall(rest)]
    calendar = _calendar_words()
    if not all(t.isdigit() or t in _STAMP_WORDS or t in calendar for t in tokens):
        return False
    sure = _STAMP_SURE.search(rest) or (prefix and tokens)
    dated = any(t in calendar for t in tokens) and any(t.isdigit() for t in tokens)
    return bool(sure or dated) and not _AMOUNT.search(rest)


_AMOUNT = re.compile(r"[%$€£¥°]")


@cache
def _calendar_words() -> frozenset[str]:
    """Months and days of the week of English and Spanish, in full and short, in lower case (CLDR)."""
    words: set[str] = set()
    for language in ("en", "es"):
        locale = Locale.parse(language)
        for names in (locale.months["format"], locale.days["format"]):
            for width in ("abbreviated", "wide"):
                words.update(name.lower().rstrip(".") for name in names[width].values())
    return frozenset(words | {"sept", "set", "mié", "mie", "sáb", "sab", "thurs", "tues"})


def dateline_end(line: str) -> int:
    """The end of the dateline at the start of the line, including its dash; 0 if there is none."""
    found = _DATELINE.match(line)
    return found.end() if found else 0


def frame(line: str) -> tuple[int, int]:
    """How many characters at the line's beginning and at its end are tags around all of its text."""
    start, end = 0, len(line)
    small = line.lower()
    for _ in range(_DEEPEST):
        opening = _OPENING_TAG.match(line, start)
        if opening is None:
            break
        closing = _CLOSING_TAG.search(line, max(start, end - _LONGEST_TAG), end)
        name = opening["name"].lower()
        if closing is not None and closing["name"].lower() == name:
            end = closing.start()
        elif small.find(f"</{name}", opening.end()) >= 0:
            break  # it is around a part of the text
        start = opening.end()
    return (start, len(line) - end) if start < end else (0, 0)


_LONGEST_TAG = 40
_DEEPEST = 10
"""Tags around a line that are looked at."""
