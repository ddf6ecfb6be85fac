"""Headlines that tell the future with "to"."""

import pytest

from pipeline.protect.headlines import future


@pytest.mark.parametrize(
    "text",
    [
        "Wilkinson to lead England",
        "Schools to take part in mock poll",
        "BBC to pour £9m into new comedy",
        "Alicia Keys to open US Super Bowl",
        "Immigration to be election issue",
    ],
)
def test_the_future_is_found(text: str) -> None:
    span = future(text)
    assert span is not None
    assert text[slice(*span)] == "to"


@pytest.mark.parametrize(
    "text",
    [
        "Bid to cut court witness stress",
        "How to smash a home computer",
        "Hewitt falls to Dent in Adelaide",
        "MCI shareholder sues to stop bid",
        "Defection timed to hit tax pledge",
        "A year to remember for Irish",
        "Voters reject EU by two to one",
        "He went to school.",
        "Wilkinson to lead England, coach says: report",
    ],
)
def test_another_to_is_left(text: str) -> None:
    assert future(text) is None
