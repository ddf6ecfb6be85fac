r"""PO: the messages of a gettext catalogue that have no translation yet get one; all else stays.

A message is translated line by line (`\n`); placeholders and tags in it are kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.documents.composite import Embedded, composed
from pipeline.documents.document import BlockKind, Document
from pipeline.documents.draft import Draft
from pipeline.documents.markup import MarkupTemplate, ReadBlock, joined
from pipeline.errors import InvalidDocument

_STRING = r"\"(?:[^\"\\\r\n]|\\[^\r\n])*+\""
_FIELD = re.compile(
    rf"^[ \t]*(?P<name>msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)"
    rf"\s*(?P<value>{_STRING}(?:\s*{_STRING})*+)[ \t]*(?:\r?\n|\Z)",
    re.MULTILINE,
)
_LITERAL = re.compile(_STRING)
_ESCAPED = re.compile(r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{2})|(.))")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_WRITTEN = {'"': '\\"', "\\": "\\\\", "\n": "\\n", **{c: f"\\{n}" for n, c in _ESCAPES.items()}}
_PIECE = re.compile(
    r"(?P<newline>\n)"
    r"|(?P<kept>%(?:\d+\$)?(?:\([^()]+\))?[-+#0]*\d*(?:\.\d+)?[sdifgucxX@](?!\w)|%%|\$?\{[^{}\n]*\})"
    r"|<(?P<closes>/?)(?P<name>[A-Za-z][\w-]*)[^<>]*?(?P<empty>/?)>"
    r"|.",
    re.DOTALL,
)


@dataclass(slots=True)
class _Message:
    """The texts of a message, and the place of each of its translations."""

    texts: dict[str, str] = field(default_factory=dict)
    targets: dict[str, tuple[str, int, int]] = field(default_factory=dict)

    def embedded(self) -> Iterator[Embedded]:
        """The texts in the places of their translations; none if there is one already, or no text."""
        text = self.texts.get("msgid", "")
        if not text or any(value for value, _, _ in self.targets.values()):
            return
        for name, (_, start, end) in self.targets.items():
            # The first form is that for one; languages with only one form need the other.
            is_plural = len(self.targets) == 1 or name != "msgstr[0]"
            own = self.texts.get("msgid_plural", text) if is_plural else text
            yield Embedded(start, end, _parse_text(own), _written)


def parse_po(source: str) -> Document:
    """The document of a catalogue. Raises InvalidDocument with the first line that is none of PO."""
    embedded: list[Embedded] = []
    message, place = _Message(), 0
    for match in _FIELD.finditer(source):
        _check_comments(source, place, match.start())
        place = match.end()
        name, value = match["name"], _value(match["value"])
        if name.startswith("msgstr"):
            message.targets[name] = (value, *match.span("value"))
            continue
        if message.targets:
            embedded += message.embedded()
            message = _Message()
        message.texts[name] = value
    _check_comments(source, place, len(source))
    return composed("po", source, [*embedded, *message.embedded()])


def _check_comments(source: str, start: int, end: int) -> None:
    """Check that there are only comments and blank lines."""
    place = start
    for line in source[start:end].splitlines(keepends=True):
        bare = line.strip().removeprefix("\ufeff")
        if bare and not bare.startswith("#"):
            number = source.count("\n", 0, place) + 1
            raise InvalidDocument(f"Line {number} of the PO file is invalid: {bare[:40]!r}.")
        place += len(line)


def _value(literals: str) -> str:
    inside = "".join(literal[1:-1] for literal in _LITERAL.findall(literals))

    def character(match: re.Match[str]) -> str:
        octal, hexadecimal, other = match.groups()
        if octal or hexadecimal:
            return chr(int(octal, 8) if octal else int(hexadecimal, 16))
        return _ESCAPES.get(other, other)

    return _ESCAPED.sub(character, inside)


def _written(text: str) -> str:
    """The literals of a text, one a line of it as gettext's own tools write them."""
    lines = text.splitlines(keepends=True)
    literals = [f'"{"".join(_WRITTEN.get(c, c) for c in line)}"' for line in lines]
    return "\n".join(['""', *literals] if len(literals) > 1 else literals)


def _parse_text(text: str) -> Document:
    """The document of a message, as a source of its own."""
    blocks: list[ReadBlock] = []
    draft = Draft()
    for match in _PIECE.finditer(text):
        raw = match.group()
        if match["newline"]:
            if found := draft.finish(str):
                blocks.append((BlockKind.LABEL, *found))
            draft = Draft()
            continue
        draft.extend(*match.span())
        if match["kept"]:
            draft.keep(raw, raw)
        elif not match["name"]:
            draft.add(raw, raw)
        elif match["empty"]:
            draft.point(raw)
        elif match["closes"]:
            draft.close(match["name"], raw)
        else:
            draft.open(match["name"], raw)
    if found := draft.finish(str):
        blocks.append((BlockKind.LABEL, *found))
    slots = [slot for _, slot, _ in blocks]
    return joined("po", blocks, MarkupTemplate(text, slots))
