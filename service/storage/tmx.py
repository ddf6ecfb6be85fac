"""The translation memory as TMX, the format that translators' tools exchange."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree
from translate.storage import tmx

from models.language_codes import primary_subtag
from service.errors import InvalidRequest
from service.storage.memory import Unit
from service.storage.tables import MemoryUnit

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_tmx(path: Path, source: str, target: str, author: str) -> Iterator[Unit]:
    """The units of a TMX file that have both languages, of any region; InvalidRequest where it is none."""
    try:
        store = tmx.tmxfile.parsefile(str(path))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidRequest(f"{path} is not TMX: {error}") from None
    for unit in store.units:
        texts = {
            primary_subtag(node.get(_LANGUAGE) or node.get("lang") or ""): unit.getNodeText(node)
            or ""
            for node in unit.getlanguageNodes()
        }
        pair = texts.get(source, "").strip(), texts.get(primary_subtag(target), "").strip()
        if all(pair):
            yield Unit(*pair, origin="imported", author=author)


def write_tmx(path: Path, units: Iterable[MemoryUnit], source: str, target: str) -> int:
    """Write the units to a TMX file; how many. Each has its author and its origin as notes."""
    store = tmx.tmxfile(sourcelanguage=source, targetlanguage=target)
    count = 0
    for count, unit in enumerate(units, 1):  # noqa: B007 - the last number is the answer
        store.addtranslation(
            unit.source, source, unit.target, target, f"{unit.origin} by {unit.author}"
        )
    store.savefile(str(path))
    return count
