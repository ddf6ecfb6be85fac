"""Countries as the target calls them."""

import pytest

from pipeline.checks.spelling import NO_SPELLINGS
from pipeline.glossary.names import OwnNames
from pipeline.style.countries import in_target


@pytest.mark.parametrize(
    ("source", "draft", "right"),
    [
        ("He left Cameroon for Peru.", "Salió de Cameroon a Peru.", "Salió de Camerún a Perú."),
        ("In Haiti it rains.", "En Haiti llueve.", "En Haití llueve."),
        ("North Macedonia and Liberia", "Macedônia del Norte y Libéria", "Macedonia del Norte y Liberia"),
        ("In the U.S. (the U.S.)", "En los EE.UUU. (los EE.U.)", "En los EE. UU. (los EE. UU.)"),
        ("He lives in the U.S.", "Vive en EE.UU..", "Vive en EE. UU."),
        ("The Ivory Coast won.", "Ganó la Costa del Marfil.", "Ganó la Costa de Marfil."),
        ("Trinidad and Tobago won.", "Ganó Trinidad e Tobago.", "Ganó Trinidad e Tobago."),
        ("Bosnia and Herzegovina won.", "Ganó Bosnia Herzegovina.", "Ganó Bosnia y Herzegovina."),
        ("Miss Sierra Leone won.", "Ganó Miss Sierra Leone.", "Ganó Miss Sierra Leona."),
        # What the news writes as well, and what is something else.
        ("Iraq and Romania", "Iraq y Rumania", "Iraq y Rumania"),
        ("Los EE. UU., EEUU and the EU", "Los EE. UU., EEUU y la UE", None),
        ("He flew Air Canada and saw Radio Canada.", "Voló con Air Canada y vio Radio Canada.", None),
        ("Jordan scored, says France.", "Jordan marcó, dice France.", None),
        ("The St. Lucia club", "El club St. Lucia", None),
        ("See cameroon.org/Cameroon for Cameroon's.", "Véase cameroon.org/Cameroon.", None),
        ("HAITI", "HAITI", None),
    ],
)  # fmt: skip
def test_to_spanish(source: str, draft: str, right: str | None) -> None:
    assert in_target(draft, source, "en", "es", NO_SPELLINGS) == (right or draft)


@pytest.mark.parametrize(
    ("source", "draft", "right"),
    [
        ("Vive en Camboya.", "He lives in Camboya.", "He lives in Cambodia."),
        ("Vive en Perú.", "He lives in Perú.", "He lives in Peru."),
        ("Nació en Granada.", "He was born in Granada.", "He was born in Granada."),
    ],
)
def test_to_english(source: str, draft: str, right: str) -> None:
    assert in_target(draft, source, "es", "en", NO_SPELLINGS) == right


def test_to_a_language_that_has_no_table_of_ours() -> None:
    draft = "Il vit au Cambodia et en Haiti."
    right = "Il vit au Cambodge et en Haïti."
    assert in_target(draft, "He lives in Cambodia and Haiti.", "en", "fr", NO_SPELLINGS) == right


def test_the_newsrooms_own_table_comes_first() -> None:
    own = OwnNames(({"en": "Belize", "es": "Belize"},))
    draft = "Vive en Belize, y no en Botswana."
    right = "Vive en Belize, y no en Botsuana."
    assert (
        in_target(
            draft, "He lives in Belize, not in Botswana.", "en", "es", own.between("en", "es")
        )
        == right
    )
