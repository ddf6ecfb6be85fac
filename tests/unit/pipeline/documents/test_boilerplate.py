import pytest

from pipeline.documents.boilerplate import is_furniture


@pytest.mark.parametrize(
    "line",
    ["• en", "ON NOW", "Follow us on:", "Share this article", "Advertisement", "Read more »",
     "Sign up for our newsletter", "EN | ES", "12 Comments", "Síguenos en:", "Related stories"],
)  # fmt: skip
def test_lines_of_the_page(line: str) -> None:
    assert is_furniture([line]) == [True]


@pytest.mark.parametrize(
    "line",
    ["En julio", "No.", "A slow return", "Share prices fell on Monday.", "Home sales rise",
     "Search for survivors goes on", "Comments by the minister drew anger", "It is on now."],
)  # fmt: skip
def test_lines_of_the_story(line: str) -> None:
    assert is_furniture([line]) == [False]


def test_a_short_line_that_comes_again_is_the_pages() -> None:
    lines = ["Radio North FM", "The ferry came back.", "radio north fm", "“No.”", "“No.”"]
    assert is_furniture(lines) == [True, False, True, False, False]
