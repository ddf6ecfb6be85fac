"""The tags of a marked-up document: which stand inside sentences, and whose content is not translated.

HTML says so itself. In XML it is determined from the document: an element with text beside it stands inside
a sentence, every other element separates texts. A request can override both for single tags.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pipeline.documents.document import BlockKind
from pipeline.documents.html_tokens import Kind, tokens
from pipeline.requests import TagOptions

_INLINE_NAMES = """
    a abbr acronym b bdi bdo big cite data del dfn em font i ins mark nobr q s small span strike strong
    sub sup time tt u
"""
_VOID_NAMES = "area base br col embed hr img input link meta param source track wbr"


@dataclass(frozen=True, slots=True)
class Tags:
    """The names of elements, in lower case, by how they are read."""

    inline: frozenset[str]
    """They stand inside sentences."""
    kept: frozenset[str] = frozenset()
    """They are not translated, and may stand inside sentences."""
    silent: frozenset[str] = frozenset()
    """They have no text that is read, and may stand inside sentences."""
    skipped: frozenset[str] = frozenset()
    """They are not translated, and separate texts."""
    points: frozenset[str] = frozenset()
    """They are empty and stand among words."""
    void: frozenset[str] = frozenset()
    """They have no end tag."""
    kinds: Mapping[str, BlockKind] = field(default_factory=dict)
    """The kind of the text in an element; in other elements it is a paragraph."""
    spoken: Mapping[str, BlockKind] = field(default_factory=dict)
    """Attributes whose value a reader reads or hears."""
    is_xml: bool = False

    @property
    def untranslated(self) -> frozenset[str]:
        """The elements whose content is not translated."""
        return self.kept | self.silent | self.skipped

    @property
    def in_sentence(self) -> frozenset[str]:
        """The elements that do not end a sentence, whether they are translated or not."""
        return self.inline | self.silent | (frozenset() if self.is_xml else self.kept)

    def with_options(self, options: TagOptions | None) -> "Tags":
        """These tags, with what a request says of single ones."""
        if options is None:
            return self
        splitting, inside = _names(options.splitting), _names(options.non_splitting)
        return replace(
            self,
            inline=(self.inline - splitting) | inside,
            kept=self.kept | _names(options.ignore),
        )


HTML = Tags(
    inline=frozenset(_INLINE_NAMES.split()),
    kept=frozenset({"code", "kbd", "samp", "var", "svg", "math", "ruby"}),
    silent=frozenset({"script", "style", "template", "iframe", "noembed", "noframes"}),
    skipped=frozenset({"pre", "textarea", "xmp"}),
    points=frozenset({"img", "wbr", "input"}),
    void=frozenset(_VOID_NAMES.split()),
    kinds={
        "title": BlockKind.TITLE,
        "h1": BlockKind.TITLE,
        **dict.fromkeys(("h2", "h3", "h4", "h5", "h6", "dt", "th"), BlockKind.HEADING),
        "li": BlockKind.LIST_ITEM,
        "td": BlockKind.CELL,
        **dict.fromkeys(("figcaption", "caption"), BlockKind.CAPTION),
        **dict.fromkeys(("button", "label", "option", "nav", "footer"), BlockKind.LABEL),
    },
    spoken={
        "alt": BlockKind.CAPTION,
        **dict.fromkeys(("title", "aria-label", "placeholder"), BlockKind.LABEL),
    },
)


def xml_tags(source: str, *, outline: bool) -> Tags:
    """The tags of an XML source; without `outline` every element stands inside a sentence."""
    names, mixed = set[str](), set[str]()
    open_children: list[set[str]] = [set()]
    open_texts = [False]

    def close() -> None:
        children, has_text = open_children.pop(), open_texts.pop()
        if has_text:
            mixed.update(children)

    for token in tokens(source, is_xml=True):
        if token.kind is Kind.TEXT:
            open_texts[-1] = open_texts[-1] or not source[token.start : token.end].isspace()
        elif token.kind is Kind.START:
            names.add(token.name)
            open_children[-1].add(token.name)
            if not source.endswith("/>", token.start, token.end):
                open_children.append(set())
                open_texts.append(False)
        elif token.kind is Kind.END and len(open_texts) > 1:
            close()
    while open_texts:
        close()
    return Tags(inline=frozenset(mixed if outline else names), is_xml=True)


def is_well_formed(source: str) -> bool:
    """Whether each tag of an XML source or fragment is closed in its order."""
    open_names: list[str] = []
    for token in tokens(source, is_xml=True):
        if token.kind is Kind.START and not source.endswith("/>", token.start, token.end):
            open_names.append(token.name)
        elif token.kind is Kind.END and (not open_names or open_names.pop() != token.name):
            return False
    return not open_names


def _names(names: list[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)
