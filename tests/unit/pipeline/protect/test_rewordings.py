"""Expressions that are reworded before translation, by tables: the text, and what the model reads."""

import pytest

from pipeline.protect.rewordings import rewordings
from pipeline.spans import replace_spans


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "Leeds drew after a goal in the 45+2nd minute.",
            "Leeds drew after a goal in minute 45+2.",
        ),
        ("He scored in the 88th minute.", "He scored in minute 88."),
        ("City led 1-0 after the first half.", "City led 1-0 after the first part."),
        ("The striker left in the second half.", "The striker left in the second part."),
        ("Sales fell in the first half of the year.", None),
        ("He ate the second half of it.", None),
        ("The UN's envoy left.", "The ONU's envoy left."),
        ("A U.N. official said so.", "A ONU official said so."),
        ("The UN-backed force left.", None),
        ("The UNHCR and UNICEF said so.", None),
        ("Call 101 or write to us.", "Llame al 101 or write to us."),
        ("Please call +44 20 7946 0018.", "Please llame al +44 20 7946 0018."),
        ("If you need help, call 116 123.", "If you need help, llame al 116 123."),
        ("Anyone who saw it should call 101.", None),
        ("They call 100 people a day.", None),
        ("Flight BA2490 left.", "The flight BA2490 left."),
        ("The Flight BA2490 crew left.", None),
        ("It was built in 55 AD.", "It was built in 55 d. C."),
        (
            "It fell in 300 BC, or 310 B.C. at the latest.",
            "It fell in 300 a. C., or 310 a. C. at the latest.",
        ),
        ("Some 300 BCE coins were found.", "Some 300 a. C. coins were found."),
        (
            "Homes were without power after the storm.",
            "Homes were without electricity after the storm.",
        ),
        (
            "Engineers restored power to the houses.",
            "Engineers restored electricity to the houses.",
        ),
        ("The party was without power for ten years.", None),
    ],
)
def test_english(text: str, read: str | None) -> None:
    assert replace_spans(text, rewordings(text, "en")) == (read or text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Enhorabuena a los ganadores.", "Felicitaciones a los ganadores."),
        ("Felicidades al equipo.", "Felicitaciones al equipo."),
        ("Le dieron la enhorabuena.", None),
        ("Hubo un corte de luz y dos apagones.", "Hubo un blackout y dos blackouts."),
        ("Dimite el consejero delegado.", "Dimite el chief executive."),
        ("Habló la consejera de Sanidad.", "Habló la minister de Salud."),
        ("El consejero de la empresa vio un corte de pelo.", None),
        ("Vos podés venir cuando querés.", "Tú puedes venir cuando quieres."),
        ("¿Vos sos el director?", "¿Tú eres el director?"),
        ("Vos pensás que tenés tiempo.", "Tú piensas que tienes tiempo."),
        ("Vos vivís en Rosario y trabajás aquí.", "Tú vives en Rosario y trabajas aquí."),
        ("Vos serás el director del interés inglés.", "Tú serás el director del interés inglés."),
        ("El interés después creció.", None),
        ("trabajas aqui", "trabajas aquí"),
        ("tambien hay policia en el pais", "también hay policía en el país"),
        ("la informacion llego", "la información llego"),
        ("Ella llegó aqui", None),  # the author writes accents: this may be a name
        ("Lima, 7 ago (EFE)", "Lima, 7 de agosto (EFE)"),
        ("Lima, 17 sept. (EFE)", "Lima, 17 de septiembre (EFE)"),
    ],
)
def test_spanish(text: str, read: str | None) -> None:
    assert replace_spans(text, rewordings(text, "es")) == (read or text)


def test_other_languages_are_left_alone() -> None:
    assert list(rewordings("Call 101 in the first half, 2-1.", "fr")) == []
