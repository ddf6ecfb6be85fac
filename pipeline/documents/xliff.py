"""XLIFF 1.2 and 2.x: units that have no translation yet get one; all others stay as they are."""

import re

from pipeline.documents.document import BlockKind, Document, Inline
from pipeline.documents.markup import MarkupTemplate, Slot, escape_text, joined, read_characters
from pipeline.documents.xml_tree import Element, attributes, parse_xml
from pipeline.errors import InvalidDocument

_UNITS = {"trans-unit", "segment"}
_AROUND = {"g", "pc", "mrk"}
"""Inline codes with text in them; the others are points."""
_OPEN_STATES = {"new", "initial", "needs-translation"}
_LETTER = re.compile(r"[^\W\d_]")


def parse_xliff(source: str) -> Document:
    """The document of an XLIFF source; its texts are the sources without a target."""
    root = parse_xml(source)
    if root.name.rpartition(":")[2] != "xliff":
        raise InvalidDocument(f"The root element of an XLIFF file is <xliff>, not <{root.name}>.")
    found = []
    for element, translated in _with_translate(source, root):
        if translated and element.name in _UNITS and (unit := _read_unit(source, element)):
            found.append(unit)
    template = MarkupTemplate(source, [slot for slot, _ in found])
    blocks = [(BlockKind.PARAGRAPH, slot, inlines) for slot, inlines in found]
    return joined("xliff", blocks, template)


def _with_translate(source: str, root: Element) -> list[tuple[Element, bool]]:
    """Every element in order, and whether its `translate` or that of one around it says yes."""
    found, waiting = [], [(root, True)]
    while waiting:
        element, translated = waiting.pop()
        said = attributes(source, element).get("translate")
        translated = said == "yes" if said is not None else translated
        found.append((element, translated))
        waiting += [(child, translated) for child in reversed(element.children)]
    return found


def _read_unit(source: str, unit: Element) -> tuple[Slot, tuple[Inline, ...]] | None:
    """The slot of a unit's target, and the inline codes of its source; None where it is translated."""
    original, target = unit.child("source"), unit.child("target")
    if original is None:
        return None
    given = attributes(source, unit)
    if target is not None and source[target.inner : target.inner_end].strip():
        state = attributes(source, target).get("state") or given.get("state")
        if state not in _OPEN_STATES:
            return None
    text, spelled, inlines = list[str](), list[str](), list[Inline]()
    if target is None:
        indent = source[source.rfind("\n", 0, original.start) + 1 : original.start]
        opening = f"\n{indent}<target>" if not indent.strip() else "<target>"
        place, end = original.end, original.end
    else:
        opening, place, end = "", target.inner, target.inner_end
        if target.inner_end == target.end:  # <target/>
            tag = source[target.start : target.end].removesuffix("/>").rstrip()
            opening, place, end = f"{tag}>", target.start, target.end
    if opening:
        inlines.append(Inline(0, 0, (opening,), "</target>"))
    _read_content(source, original, text, spelled, inlines, 0 if opening else None)
    if not _LETTER.search("".join(text)):
        return None
    if opening:
        inlines[0] = Inline(0, len(text), (opening,), "</target>")
    return Slot(place, end, "".join(text), spelled, escape_text), tuple(inlines)


def _read_content(
    source: str,
    element: Element,
    text: list[str],
    spelled: list[str],
    inlines: list[Inline],
    parent: int | None,
) -> None:
    """Add the characters and the codes of an element's content."""
    place = element.inner
    for child in [*element.children, None]:
        end = element.inner_end if child is None else child.start
        for characters, raw in read_characters(source, place, end):
            text += characters
            spelled += [raw, *[""] * (len(characters) - 1)]
        if child is None:
            break
        place = child.end
        start, number = len(text), len(inlines)
        given = attributes(source, child)
        is_kept = given.get("translate") == "no" or given.get("mtype") == "protected"
        raw = source[child.start : child.end]
        if child.name not in _AROUND or child.inner == child.end:
            inlines.append(Inline(start, start, (raw,), "", parent))
            continue
        opening = source[child.start : child.inner]
        closing = source[child.inner_end : child.end]
        inlines.append(Inline(start, start, (opening,), closing, parent))
        _read_content(source, child, text, spelled, inlines, number)
        if is_kept:
            del inlines[number + 1 :]
            inlines[number] = Inline(start, len(text), (raw,), "", parent, kept=True)
        else:
            inlines[number] = Inline(start, len(text), (opening,), closing, parent)
