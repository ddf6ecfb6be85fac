"""Glossaries as files: tables (TSV, CSV), TBX, which terminology tools exchange, and JSON."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from lxml import etree
from pydantic import TypeAdapter, ValidationError
from translate.storage import tbx

from models.language_codes import primary_subtag
from pipeline.glossary.terms import Term
from service.errors import InvalidRequest

Format = Literal["json", "tsv", "csv", "tbx"]
MEDIA_TYPES: dict[Format, str] = {
    "json": "application/json",
    "tsv": "text/tab-separated-values",
    "csv": "text/csv",
    "tbx": "application/x-tbx",
}

COLUMNS = ("source", "target", "match_case", "region", "note")
"""The columns of a table whose first row has no names."""
_YES = {"true", "yes", "1", "x"}
_TERMS = TypeAdapter(list[Term])
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_terms(data: bytes, format_: Format, source: str, target: str) -> list[Term]:
    """The terms of a file, from one language into the other; InvalidRequest where it cannot be read."""
    try:
        rows: Any
        if format_ == "tbx":
            rows = _read_tbx(data, source, target)
        else:
            text = data.decode("utf-8-sig")
            rows = _read_json(text) if format_ == "json" else _read_table(text, format_)
        return _TERMS.validate_python(rows)
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"The glossary is not UTF-8 (byte {error.start}).") from None
    except (ValueError, csv.Error, etree.XMLSyntaxError) as error:
        raise InvalidRequest(f"The glossary cannot be read: {_message(error)}") from None


def write_terms(terms: Sequence[Term], format_: Format, source: str, target: str) -> bytes:
    """The terms as a file; TBX has neither capitals nor regions, and repeats what is not translated."""
    if format_ == "json":
        return _TERMS.dump_json(list(terms), indent=2, exclude_defaults=True)
    if format_ == "tbx":
        return _write_tbx(terms, source, target)
    file = io.StringIO()
    writer = csv.writer(file, delimiter=_DELIMITERS[format_], lineterminator="\n")
    writer.writerow(COLUMNS)
    for term in terms:
        case = "yes" if term.match_case else ""
        writer.writerow([term.source, term.target, case, term.region, term.note])
    return file.getvalue().encode()


def _message(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return f"{error}."
    first = error.errors()[0]
    place, message = first["loc"], first["msg"].removeprefix("Value error, ")
    row = f"term {place[0] + 1}: " if place and isinstance(place[0], int) else ""
    return f"{row}{message.rstrip('.')}."


_DELIMITERS: dict[Format, str] = {"tsv": "\t", "csv": ","}


def _read_json(text: str) -> Any:
    found = json.loads(text)
    return found["terms"] if isinstance(found, dict) and "terms" in found else found


def _read_table(text: str, format_: Format) -> Iterable[dict[str, Any]]:
    first = text.partition("\n")[0]
    # A spreadsheet of a country with decimal commas writes semicolons.
    is_continental = format_ == "csv" and first.count(";") > first.count(",")
    delimiter = ";" if is_continental else _DELIMITERS[format_]
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    names = [cell.strip().lower() for cell in rows[0]] if rows else []
    columns: Sequence[str] = COLUMNS
    if "source" in names:
        columns, rows = names, rows[1:]
    return [_row(dict(zip(columns, row, strict=False))) for row in rows]


def _row(cells: dict[str, str]) -> dict[str, Any]:
    given = {name: cell.strip() for name, cell in cells.items() if cell.strip()}
    if "match_case" in given:
        return {**given, "match_case": given["match_case"].lower() in _YES}
    return given


def _read_tbx(data: bytes, source: str, target: str) -> list[dict[str, Any]]:
    """The first terms of each concept, which TBX 2 and TBX 3 name differently."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    rows = []
    for entry in etree.fromstring(data, parser).iter("{*}termEntry", "{*}conceptEntry"):
        terms: dict[str, str] = {}
        for section in entry.iter("{*}langSet", "{*}langSec"):
            term = section.find(".//{*}term")
            if term is not None:
                text = "".join(term.itertext()).strip()
                terms.setdefault(primary_subtag(section.get(_LANGUAGE, "")), text)
        if terms.get(source) and terms.get(target):
            same = terms[source] == terms[target]
            rows.append({"source": terms[source], "target": None if same else terms[target]})
    return rows


def _write_tbx(terms: Sequence[Term], source: str, target: str) -> bytes:
    store = tbx.tbxfile(sourcelanguage=source, targetlanguage=target)
    for term in terms:
        unit = tbx.tbxunit(term.source)
        store.addunit(unit)
        unit.target = term.wanted
        if term.note:
            unit.addnote(term.note)
    return bytes(store)
