"""Markdown: CommonMark with tables, strikethrough, footnotes and front matter.

markdown-it-py finds the blocks and says what is markup in them. It keeps the lines of blocks alone: the
place of each character is found in those lines, and each piece of markup is followed along the tokens.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.documents.composite import Embedded, composed
from pipeline.documents.document import BlockKind, Document
from pipeline.documents.front_matter import read_front_matter
from pipeline.documents.html import parse_html
from pipeline.documents.markdown_text import END, TEMPLATE_TAG, Content, parse_content

_NEWLINE = re.compile(r"\r\n?|\n")
_SPACE = " \t\v\f"
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
"""A shortcode or a variable of a site generator: Hugo, Jekyll, Eleventy."""
_KINDS = {
    "list_item_open": BlockKind.LIST_ITEM,
    "th_open": BlockKind.HEADING,
    "td_open": BlockKind.CELL,
    "heading_open": BlockKind.HEADING,
    "footnote_reference_open": BlockKind.NOTE,
}
_CELLS = ("th_open", "td_open")
_QUOTE = "blockquote_open"


def parse_markdown(source: str) -> Document:
    """The document of a Markdown source. Raises InvalidDocument for front matter that is not YAML."""
    embedded, begins = read_front_matter(source)
    # The parser replaces null characters, one for one.
    read = source.replace("\0", "\ufffd")
    begins = begins or (1 if source.startswith("\ufeff") else 0)
    lines = list(_lines(source, begins))
    open_blocks: list[str] = []
    cell_line, cell_end = -1, 0
    for token in _parser().parse(read[begins:]):
        name = token.type
        if token.nesting > 0:
            is_title = name == "heading_open" and token.tag == "h1"
            open_blocks.append("title_open" if is_title else name)
        elif token.nesting < 0:
            open_blocks.pop()
        elif token.map is None or not token.content:
            continue
        elif name == "inline" and open_blocks[-1] in _CELLS:
            first = token.map[0]
            start = cell_end if first == cell_line else lines[first][0]
            places = _cell_places(read, token.content, start, lines[first][1])
            cell_line, cell_end = first, places[-1] + 1
            embedded.append(_text(source, places, token, open_blocks))
        elif name == "inline":
            places = _places(read, token.content, lines[token.map[0] : token.map[1]])
            embedded.append(_text(source, places, token, open_blocks))
        elif name == "html_block":
            html_lines = lines[token.map[0] : token.map[1]]
            for places in _html_places(read, token.content, html_lines, _QUOTE in open_blocks):
                start, end = places[0], places[-1]
                embedded.append(Embedded(start, end, parse_html(source[start:end]), str))
    return composed("markdown", source, embedded)


def _parser() -> MarkdownIt:
    """A parser that keeps where links and images end. Parsers are cheap, and not safe in threads."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("text_join")
    footnote_plugin(parser, inline=False, move_to_end=False, always_match_refs=True)
    parser.inline.ruler.before("text", TEMPLATE_TAG, _read_tag)
    for name, rule in (("link", link), ("image", image)):
        parser.inline.ruler.at(name, _with_end(rule))
    return parser


def _with_end(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def read(state: StateInline, silent: bool) -> bool:
        found = rule(state, silent)
        if found and not silent:
            state.tokens[-1].meta[END] = state.pos
        return found

    return read


def _read_tag(state: StateInline, silent: bool) -> bool:
    """Read the tag of a site generator as one token."""
    if state.src[state.pos] != "{":
        return False
    found = _TAG.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push(TEMPLATE_TAG, "", 0).content = found.group()
    state.pos = found.end()
    return True


def _text(source: str, places: Sequence[int], token: Token, open_blocks: Sequence[str]) -> Embedded:
    kinds = (
        BlockKind.TITLE if name == "title_open" else _KINDS.get(name)
        for name in reversed(open_blocks)
    )
    kind = next((kind for kind in kinds if kind is not None), BlockKind.PARAGRAPH)
    in_cell = open_blocks[-1] in _CELLS
    in_line = in_cell or open_blocks[-1] in ("heading_open", "title_open")
    content = Content(source, token.content, places)
    document = parse_content(content, token.children or [], kind, in_line=in_line, in_cell=in_cell)
    return Embedded(places[0], places[-1], document, str)


def _html_places(
    source: str, html: str, lines: Sequence[tuple[int, int]], in_quote: bool
) -> list[list[int]]:
    """The places of a block of HTML; in a quotation, whose mark begins each line, those of each line."""
    if not in_quote:
        return [_places(source, html.rstrip("\n"), lines)]
    texts = zip(html.split("\n"), lines, strict=False)
    return [_places(source, text, [line]) for text, line in texts if text.strip(_SPACE)]


def _lines(source: str, start: int) -> Iterator[tuple[int, int]]:
    for match in _NEWLINE.finditer(source, start):
        yield start, match.start()
        start = match.end()
    yield start, len(source)


def _places(source: str, text: str, lines: Sequence[tuple[int, int]]) -> list[int]:
    """Where the characters of a block's text stand: each line of it ends a line of the source."""
    places: list[int] = []
    waiting = iter(lines)
    for part in text.split("\n"):
        bare = part.strip(_SPACE)
        # The parser drops first lines that have rare kinds of space alone.
        start, end = next(line for line in waiting if bare in source[slice(*line)])
        # The last one: before it stand the marks of lists and quotations, after it spaces and "##".
        first = source.rindex(bare, start, end)
        lead = len(part) - len(part.lstrip(_SPACE))
        places += [first] * lead
        places += range(first, first + len(part) - lead)
        places.append(end)
    # The last place is the end of the text, not that of the line.
    places[len(text) :] = [places[len(text) - 1] + 1]
    return places


def _cell_places(source: str, text: str, start: int, end: int) -> list[int]:
    r"""Where the characters of a table's cell stand, after the place `start`; a bar is written `\|`."""
    pattern = re.compile("".join(r"\\\|" if c == "|" else re.escape(c) for c in text))
    found = pattern.search(source, start, end)
    place = found.start() if found else start
    places = []
    for character in text:
        places.append(place)
        place += 2 if character == "|" else 1
    return [*places, place]
