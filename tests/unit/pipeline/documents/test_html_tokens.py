"""Tokens of HTML: where each begins and ends, whatever the source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.html_tokens import Kind, attributes, tokens

SOME_BITS = """
    < > </ <p <p> </p> <b class=a> <a href="x> y" <!-- --> --!> <!--> <![CDATA[ ]]> <!x <?y " ' = / & &amp; é
    <script> </script> <script <title> </title> <svg> </svg> <textarea> <plaintext> x <br/> <I>
"""
BITS = [*SOME_BITS.split(), " ", "\n", "\0"]


def spelled(source: str) -> list[str]:
    return [source[token.start : token.end] for token in tokens(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a <b>c</b> < d", ["a ", "<b>", "c", "</b>", " < d"]),
        ('<a title="x > y">z', ['<a title="x > y">', "z"]),
        ('a<a title="x>z', ["a", '<a title="x>z']),
        ("<!-->a<!-- b --!>c<!d>", ["<!-->", "a", "<!-- b --!>", "c", "<!d>"]),
        ("<title>a<b></TITLE >c", ["<title>", "a<b>", "</TITLE >", "c"]),
        ("<script><!--<script></script>--></script>x",
         ["<script>", "<!--<script></script>-->", "</script>", "x"]),
        ("<svg><![CDATA[<p>]]></svg>", ["<svg>", "<![CDATA[<p>]]>", "</svg>"]),
        ("</>a</ b>", ["</>", "a", "</ b>"]),
    ],
)  # fmt: skip
def test_tokens_follow_the_standard(source: str, expected: list[str]) -> None:
    assert spelled(source) == expected


@given(st.lists(st.sampled_from(BITS)).map("".join) | st.text())
def test_tokens_cover_any_source_without_a_gap(source: str) -> None:
    assert "".join(spelled(source)) == source


def test_attributes_have_the_places_of_their_values() -> None:
    source = """<IMG Alt = "a 'b'" title='c "d"' data-x src=/y/ hidden>"""
    (tag,) = tokens(source)
    assert tag.kind is Kind.START
    assert tag.name == "img"
    assert [(a.name, source[slice(*a.value)], a.quote) for a in attributes(source, tag)] == [
        ("alt", "a 'b'", '"'),
        ("title", 'c "d"', "'"),
        ("src", "/y/", ""),
    ]


@pytest.mark.parametrize(
    "bit", ["<", "<a ", "<a b='", "<!--", "</", "<svg>", "&", "<a b=c ", '<a "']
)
def test_hostile_sources_take_linear_time(bit: str) -> None:
    # Of quadratic time this would take hours: the test's time limit ends it.
    source = bit * 200_000
    assert sum(token.end - token.start for token in tokens(source)) == len(source)
