"""Spanish verbs whose form is wrong beyond doubt are corrected, and no others are touched."""

import pytest

from pipeline.checks.verbs import wrong_verbs


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("La tormenta los recortaron durante dos días.", "recortó"),
        ("Dijo que los vídeos filtrados mostró la escena.", "mostraron"),
        ("Las operaciones de la agencia tiene otro fin.", "tienen"),
        ("Las escuelas no tiene libros.", "tienen"),
        ("Vídeos que circulan en las redes sociales capturó el momento.", "capturaron"),
        ("Anunció que Maduro, 61 años, habían ganado.", "había"),
        ("Alcalde liberar a 107 presos", "libera"),
        ("alcalde liberar a 107 presos", "libera"),
        ("Vodafone nombrar a nuevo jefe de Japón", "nombra"),
        ("Dirigentes cerrar el acuerdo", "cierran"),
    ],
)
def test_a_wrong_form_is_corrected(text: str, right: str) -> None:
    assert [correction for _, correction in wrong_verbs(text, "es")] == [right]


@pytest.mark.parametrize(
    "text",
    [
        "La mayoría votaron a favor.",
        "Esa noche murieron tres personas.",
        "Los vídeos los grabó un vecino.",
        "El problema serán los costes.",
        "La razón podrían ser los costes.",
        "El alcalde y la ministra dijeron que no.",
        "Los países de los que había hablado.",
        "Los precios de la tierra fuera de las ciudades suben.",
        "Vídeos que circulan desde que los grabó un vecino muestran la escena.",
        "Cómo salvar el planeta",
        "Gobierno busca salvar a los bancos",
        "Hacia un popular a la baja",
        "Permitir el acceso a los datos es necesario.",
    ],
)
def test_what_may_be_right_is_left(text: str) -> None:
    assert list(wrong_verbs(text, "es")) == []


def test_only_spanish_is_looked_at() -> None:
    assert list(wrong_verbs("Las escuelas no tiene libros.", "pt")) == []
