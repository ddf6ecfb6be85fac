"""HTML: what of it is translated, and that the rest stays as it is."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.document import Document, Part
from pipeline.documents.html import parse_html
from pipeline.documents.html_tokens import Kind, tokens

PAGE = """<!doctype html>
<html lang="en"><head><title>Mayor frees 107 | Paper</title>
<meta name="description" content="A &quot;deal&quot;"><meta name="viewport" content="width=1">
<script>var a = "<p>x</p>";</script><style>p > b { color: red }</style></head>
<body class='x'>
<!-- wp:paragraph {"dropCap":true} -->
<p>The   <b>mayor</b> of <a href="/c?a=1&b=2" title="The city">Caracas&nbsp;City</a> said&mdash;on
  Tuesday.<sup><a href="#1">1</a></sup> <i>He left.
  He came</i> back.</p>
<!-- /wp:paragraph -->
<pre>Keep this</pre><p translate="no">And this</p><div class="ad notranslate"><p>And that</p></div>
<ul><li>One <img src=a alt='a "cat"'> two<li><code>make()</code> builds it</ul>
<svg><title>Not this</title></svg><input placeholder="Your name" value="5"></body></html>
"""


SOME_BITS = """
    <p> </p> <b> </b> <i> </i> <br> <br/> <img> <code> </code> &amp; &lt &nbsp; a B . <!--x--> <a> </a>
    <sup>1</sup> <sup> </sup> <div> <li> x& é <title> </title> <u/translate=no> </u> <pre> </pre> <svg> </svg>
"""
BITS = [*SOME_BITS.split(), " ", "\n", " <", "<a title='y'>"]


def markup(source: str) -> Counter[str]:
    """The tags and comments of a source, and how often each is there."""
    return Counter(
        source[token.start : token.end]
        for token in tokens(source)
        if token.kind in (Kind.START, Kind.END, Kind.COMMENT)
        and not source.startswith("<a ", token.start)
    )


def texts(document: Document) -> list[str]:
    return [document.text_of(block) for block in document.blocks]


def filled(source: str, *targets: tuple[str, str]) -> str:
    """The source with each text of a block replaced by another, as one sentence."""
    document = parse_html(source)
    assert document.template is not None
    wanted = dict(targets)
    parts = {
        number: [Part(0, len(text), text, wanted[text])]
        for number, text in enumerate(texts(document))
        if text in wanted
    }
    assert len(parts) == len(wanted)
    return document.template.fill(document.blocks, parts).text


def test_texts_and_spoken_attributes_are_found_and_nothing_else() -> None:
    assert texts(parse_html(PAGE)) == [
        "Mayor frees 107 | Paper",
        'A "deal"',
        "The city",
        "The mayor of Caracas\xa0City said—on Tuesday. He left. He came back.",
        'a "cat"',
        "One  two",
        "make() builds it",
        "Your name",
    ]


def test_without_a_translation_every_character_stays() -> None:
    document = parse_html(PAGE)
    assert document.template is not None
    assert document.template.fill(document.blocks, {}).text == PAGE


@given(st.lists(st.sampled_from(BITS)).map("".join))
def test_any_source_comes_back_and_keeps_its_markup(source: str) -> None:
    document = parse_html(source)
    assert document.template is not None
    assert document.template.fill(document.blocks, {}).text == source
    parts = {
        number: [Part(0, len(text), text, f"Uno {text[::-1].strip()} dos")]
        for number, text in enumerate(texts(document))
    }
    assert markup(document.template.fill(document.blocks, parts).text) == markup(source)


@pytest.mark.parametrize(
    ("source", "text", "target", "expected"),
    [
        ("<p>See <b>it</b></p>", "See it", "Véalo & más", "<p>Véalo &amp; <b>más</b></p>"),
        ("<p>a&mdash;b</p>", "a—b", "c—d", "<p>c&mdash;d</p>"),
        ("<p>\n  Hi\n</p>", "Hi", "Hola", "<p>\n  Hola\n</p>"),
        ('<img alt="A dog">', "A dog", 'El "can"', '<img alt="El &quot;can&quot;">'),
        ("<img alt=dog>", "dog", "un can", "<img alt=un&#32;can>"),
        ("<p><em>All of it</em></p>", "All of it", "Todo", "<p><em>Todo</em></p>"),
        ("<p>Hi <img src=a> you</p>", "Hi  you", "Hola tú", "<p>Hola <img src=a> tú</p>"),
        ("<p>CO<sub>2</sub> rose</p>", "CO2 rose", "Subió CO2", "<p>Subió CO<sub>2</sub></p>"),
        ("<p>Run <code>a()</code> now</p>", "Run a() now", "Ahora a()", "<p>Ahora <code>a()</code></p>"),
        ("<p><b>T</b>he law</p>", "The law", "La ley", "<p><b>L</b>a ley</p>"),
        ("<b>One<p>Two</b> three", "One", "Uno", "<b>Uno<p>Two</b> three"),
        ("<p>It is.<br>he said", "It is.", "Es.", "<p>Es.<br>he said"),
        ("<p>It is<br>\n<code>x</code> so", "It is x so", "Es x", "<p>Es <br><code>x</code>"),
        ("<p>It is<br>so", "It is so", "Así es", "<p>Así <br>es"),
    ],
)  # fmt: skip
def test_markup_moves_with_its_words(source: str, text: str, target: str, expected: str) -> None:
    assert filled(source, (text, target)) == expected


def test_footnote_marks_follow_their_word() -> None:
    source = "<p>He left.<sup>1</sup> Area: 5 m<sup>2</sup></p>"
    assert texts(parse_html(source)) == ["He left. Area: 5 m2"]


def test_a_title_is_translated_inside_of_a_sentence() -> None:
    source = '<p>Go to <a title="Home page">the site</a>.</p>'
    written = filled(source, ("Home page", "Portada"), ("Go to the site.", "Vaya al sitio."))
    assert written == '<p>Vaya al <a title="Portada">sitio</a>.</p>'


@pytest.mark.parametrize("bit", ["<b>a</b> ", "a<br>b ", "a<img> ", "word ", "<i>", "a</i>"])
def test_long_blocks_take_little_time(bit: str) -> None:
    # Of quadratic time this would take hours: the test's time limit ends it.
    source = f"<p>{bit * (90 if bit == '<i>' else 2_000)}x y"
    document = parse_html(source)
    assert document.template is not None
    parts = {
        number: [Part(0, len(text), text, f"uno {text}")]
        for number, text in enumerate(texts(document))
    }
    assert markup(document.template.fill(document.blocks, parts).text) == markup(source)


def test_absurd_nesting_is_read() -> None:
    assert texts(parse_html("<b>" * 10_000 + "Deep")) == ["Deep"]
    assert texts(parse_html("<div>" * 100_000 + "Deep")) == ["Deep"]
