"""Abbreviations in the target's spelling."""

import pytest

from workers.abbreviations import spelled


@pytest.mark.parametrize(
    ("draft", "right"),
    [
        ("en los EE.UUU. cuando", "en los EE. UU. cuando"),
        ("(EE.U.) y los EE.UU", "(EE. UU.) y los EE. UU."),
        ("Vive en EE.UU..", "Vive en EE. UU."),
        ("Los EE. UU., que", "Los EE. UU., que"),
        ("EEUU y la UE; VEE.U.", "EEUU y la UE; VEE.U."),
    ],
)
def test_the_united_states(draft: str, right: str) -> None:
    assert spelled(draft, "es") == right
    assert spelled(draft, "en") == draft
