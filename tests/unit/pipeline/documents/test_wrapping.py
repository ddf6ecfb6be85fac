import pytest

from pipeline.documents.wrapping import unwrapped
from pipeline.normalise import Read


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        ("The harbour, which was\nclosed\nin May, opens.", "The harbour, which was closed in May, opens."),
        ("The coun-\ncil met in the\nold hospi-\ntal.", "The council met in the old hospital."),
        ("A well-\nknown singer came.", "A well-known singer came."),
        ("El ayunta-\nmiento de\nMadrid pagó.", "El ayuntamiento de Madrid pagó."),
        ("\tThe mayor and the\n\tcouncil will vote.", "\tThe mayor and the council will vote."),
    ],
)  # fmt: skip
def test_a_paragraph_is_put_together(wrapped: str, joined: str) -> None:
    assert unwrapped(Read.of(wrapped)).text == joined


@pytest.mark.parametrize(
    "text",
    [
        "Ferry is back after nine days of storm\nBy Kim Lund\n\nThe ferry came.",
        "A child waves from the pier\nPhoto: Kim Lund\n\nThe ferry came.",
        "We sail at dawn\nWe sail at dusk\nWe sail",
        "- one thing\n- two things",
        "Ferry   4   2\nBus     9   1",
        "Kim, 40\nYes\nEva, 22\nNo",
        "MAYOR:\nwhy not?\n\nSANZ:\nno reason.",
        "The ferry came.\nIt left.",
    ],
)
def test_lines_of_their_own_stay(text: str) -> None:
    assert unwrapped(Read.of(text)).text == text
