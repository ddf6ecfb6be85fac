"""No text takes a function that reads it more than time in proportion to its length.

Each is given hostile shapes of growing length until it takes measurable processor time, then twice and four
times as much: four times the text may take eleven times as long, where a square would take sixteen.
"""

import time
from collections.abc import Callable

import pytest

from models.detection import detect
from pipeline.checks import check
from pipeline.checks.addresses import addresses, mask
from pipeline.checks.lexicon import ordinary_words
from pipeline.checks.quotes import has_marks, quotes, unpaired_single
from pipeline.checks.reading import read
from pipeline.checks.spelling import NO_SPELLINGS
from pipeline.documents.article import parse_article
from pipeline.documents.document import BlockKind
from pipeline.documents.plain_text import parse_text
from pipeline.documents.rendering import render_fields
from pipeline.figures.digits import in_notation
from pipeline.protect import protect
from pipeline.protect.literal import is_code
from pipeline.segments import split
from pipeline.sentences import sentences
from pipeline.style import capitals
from pipeline.style import quotes as quotation_style
from pipeline.style.countries import in_target
from pipeline.summaries.choice import Length
from pipeline.summaries.selection import Style, summarize

Function = Callable[[str], object]


def summarized(text: str) -> object:
    document = parse_text(text)
    segments = split(document, "en")
    return summarize(document, segments, language="en", style=Style.BRIEF, length=Length(ratio=0.3))


def rendered(text: str) -> object:
    document = parse_text(text)
    segments = split(document, "en")
    targets = [segment.text for segment in segments]
    return render_fields(document, segments, targets, keep_furniture=False)


def recased(text: str) -> object:
    truecaser = capitals.Truecaser([text], ordinary_words("en"))
    truecaser.case(BlockKind.TITLE, text)
    written = truecaser.truecase(text, capitals.Case.CAPITALS)
    return capitals.in_style(written, capitals.Case.TITLE, "source")


FUNCTIONS: dict[str, Function] = {
    "parse_text": parse_text,
    "parse_article": lambda text: parse_article({"title": text, "deck": text, "body": text}),
    "render": rendered,
    "sentences": lambda text: (sentences(text, "en"), sentences(text, "es")),
    "summarize": summarized,
    "detect": detect,
    "addresses": lambda text: mask(text, addresses(text)),
    "quotes": lambda text: (quotes(text), unpaired_single(text), has_marks(text)),
    # What reads a sentence is given sentences: they have a longest length.
    "read in English": lambda text: [read.__wrapped__(s, "en") for s in sentences(text, "en")],
    "read in Spanish": lambda text: [read.__wrapped__(s, "es") for s in sentences(text, "es")],
    "check a source": lambda text: [
        check(s, "Cinco personas dijeron que no.", "en", "es") for s in sentences(text, "en")
    ],
    "check a target": lambda text: [
        check("Five people said no.", s, "en", "es") for s in sentences(text, "es")
    ],
    "protect": lambda text: [
        (is_code(s), protect(s, "en", "es", frozenset())) for s in sentences(text, "en")
    ],
    "pair quotes": lambda text: (
        quotation_style.paired(text, "“No”"),
        quotation_style.paired("“No”", text),
    ),
    "style quotes": lambda text: quotation_style.in_style(text.split(" "), "curly", "en"),
    "recase": recased,
    "figures": lambda text: in_notation(text, text, "en", "es"),
    "countries": lambda text: in_target(text, text, "en", "es", NO_SPELLINGS),
}

SHAPES = [
    *"'\"“”’«([{a1-—/@=<\t\n ä中😀\u0301\u00ad\u200b\u00a0\0",
    *("' ", "`a ", "a' ", "'a ", "-'a", "“'", "a(a(", "a.a.", "1.1.", "1,1", "1:1", ".º", "a@", "@a", "#a"),
    *("a-", "a&", "&amp;", "<b>", "http://", "www.", "| ", "; ", "- a\n", "a\n\n", "A.\n\n", "A: b\n\n"),
    *("EN | ", "EN | ES\n", "EN | es | ", "By A and ", "By A\n", "Photo: ", "(A/B) ", "ab cd ef.\n"),
    *("no ", "not only ", "twenty ", "dos mil ", "1 a 1 ", "May 3 ", "12 mar ", "XI ", "U.S. ", "a.m. "),
    *("Mr. ", "EE. UU. ", "¿a? ", "a! ", "… ", "½ ", "$1 ", "50% ", "Jordan ", "The A, "),
]  # fmt: skip
_MEASURABLE = 0.004
"""Seconds; below it a clock tells little."""
_LONGEST = 4_000
_MOST = 11


@pytest.mark.parametrize("name", FUNCTIONS)
def test_four_times_the_text_takes_about_four_times_as_long(name: str) -> None:
    function = FUNCTIONS[name]
    function("Five people, and no one else, left Spain in May. “No,” he said.")  # loads its tables
    slow = [shape for shape in SHAPES if grows_too_fast(function, shape)]
    assert slow == []


def grows_too_fast(function: Function, shape: str) -> bool:
    size = 1_000
    while (once := seconds(function, shape, size)) < _MEASURABLE:
        size *= 2
        if size > _LONGEST:
            return False
    return all(
        seconds(function, shape, 4 * size) > _MOST * max(once, seconds(function, shape, size))
        for _ in range(2)  # another process may have slowed the first
    )


def seconds(function: Function, shape: str, size: int) -> float:
    """Processor time for the shape repeated to so many characters."""
    text = (shape * (size // len(shape) + 1))[:size]
    start = time.process_time()
    function(text)
    return time.process_time() - start
