"""What a model is not given to read comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.protect import protect
from pipeline.protect.literal import is_code, literal
from pipeline.protect.spans import apart


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("😀 Great news 😀", ["Great news"]),
        ("Great 👩‍🚀 news", ["Great", "news"]),
        ("• First item", ["First item"]),
        ("- Second item", ["Second item"]),
        ("Team | P | W | Pts", ["Team", "Pts"]),
        ("Real Madrid\t10\t25", ["Real Madrid"]),
        ("10-3", []),
        ("***", []),
        ("1,800", []),
        ("def foo(x): return x+1", []),
        ("for (int i = 0; i < n; i++) { sum += a[i]; }", []),
        ('{"a": 1, "b": [2, 3]}', []),
        ("See " + "a" * 500 + " there", ["See ", " there"]),
        ("Born 1999; Q2 2023; H1; the 20s; mid-2025.", ["Born 1999", "the 20s", "mid-2025."]),
        # These are sentences.
        ("It rained; it froze; it thawed.", ["It rained; it froze; it thawed."]),
        ("語" * 600, ["語" * 600]),
        ("He said (on Monday) that it rains.", ["He said (on Monday) that it rains."]),
        ("A well-known man - he left - came.", ["A well-known man - he left - came."]),
        ("It costs $1.2bn (£0.9bn); it rose.", ["It costs $1.2bn (£0.9bn); it rose."]),
        ("Ok", ["Ok"]),
    ],
)
def test_what_is_read(text: str, read: list[str]) -> None:
    parts = protect(text, "ja", "de", frozenset()).parts
    assert [part for part, is_read in parts if is_read] == read


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    sent = protect(text, "fr", "de", frozenset())
    assert sent.restored("".join(part for part, _ in sent.parts)) == text


def test_long_runs_are_read_in_linear_time() -> None:
    text = "a" + " " * 200_000 + "b" * 200_000 + "|" * 200_000
    assert "".join(part for part, _ in protect(text, "fr", "de", frozenset()).parts) == text


@pytest.mark.parametrize(
    ("line", "is_it"),
    [
        ("<p>More rain is expected on <b>Monday</b>.</p>", False),
        ('She said <em>no</em> to the <a href="/plan">plan</a>.<br/>', False),
        ("for (const one of list) { total += one.price; }", True),
        ("<li>{items.map((item) => item.name)}</li>;", True),
    ],
)
def test_a_sentence_with_tags_is_no_code(line: str, is_it: bool) -> None:
    assert is_code(line) is is_it


def test_an_address_in_a_tag_is_a_part_of_the_tag() -> None:
    text = 'See <a href="https://example.org/plan">the plan</a> at https://example.org/all now.'
    assert [span.original for span in apart(literal(text))] == [
        '<a href="https://example.org/plan">',
        "</a>",
        "https://example.org/all",
    ]
