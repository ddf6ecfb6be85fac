"""Whether a candidate is better than the translation that it would replace."""

import pytest

from models.engines.translator import Output
from pipeline.checked import Checked, examine
from pipeline.repair.acceptance import is_better


def examined(source: str, translation: str) -> Checked:
    return examine(source, Output(translation, -0.5), "en", "es")


@pytest.mark.parametrize(
    ("source", "flagged", "candidate", "better"),
    [
        # A real word of another sense is worse than an invented one that is flagged.
        (
            "Hundreds of islanders are staying in hotels.",
            "Centenas de islandes se encuentran en hoteles.",
            "Centenas de islas se encuentran en hoteles.",
            False,
        ),
        # Respelled, it would be a country's that the source does not name.
        (
            "Hundreds of islanders are staying in hotels.",
            "Centenas de islandes se encuentran en hoteles.",
            "Centenas de islandés se encuentran en hoteles.",
            False,
        ),
        # The source's word has a known translation, and the candidate has it.
        (
            "The committee is evaluating the report.",
            "La comissão está evaluando el informe.",
            "La comisión está evaluando el informe.",
            True,
        ),
        (
            "The storm damaged the bridge.",
            "La tempestade dañó el puente.",
            "La tormenta dañó el puente.",
            True,
        ),
        (
            "The mayor said hello on Monday.",
            "El alcalde dijo hellos el lunes.",
            "El alcalde dijo lo que se ha dicho el lunes.",
            False,
        ),
    ],
)
def test_a_flag_goes_only_with_what_it_is_about(
    source: str, flagged: str, candidate: str, better: bool
) -> None:
    old, new = examined(source, flagged), examined(source, candidate)
    assert old.flags
    assert is_better(source, old, new, "en", "es") is better
