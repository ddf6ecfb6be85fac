"""Spanish adjectives and participles in the wrong gender."""

import pytest

from pipeline.checks.adjectives import wrong_adjectives


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("La primera puente es de 1890.", "El primer puente"),
        ("Es el segundo película del año.", "la segunda película"),
        ("Hubo un buen película.", "una buena película"),
        ("Salió del primer ciudad.", "de la primera ciudad"),
        ("Expresan la misma mensaje.", "el mismo mensaje"),
        ("Dijo que tres personas fueron arrestados.", "tres personas fueron arrestadas"),
        ("La ciudad está rodeado de agua.", "La ciudad está rodeada"),
        ("Pero los puentes no han sido reparadas.", "los puentes no han sido reparados"),
        ("Las empresas asegurados pagan.", "Las empresas aseguradas"),
        ("Las autoridades venezolanos lo dijeron.", "Las autoridades venezolanas"),
        (
            "Observó que más de 1.800 personas fueron arrestados.",
            "más de 1.800 personas fueron arrestadas",
        ),
    ],
)
def test_what_does_not_agree_is_corrected(text: str, right: str) -> None:
    assert [correction for _, correction in wrong_adjectives(text, "es")] == [right]


@pytest.mark.parametrize(
    "text",
    [
        "La primera vez fue en mayo.",
        "El agua contaminada llegó al río.",
        "Una vez terminado el partido, se fueron.",
        "Perdió la pérdida debido a la sequía.",
        "La firma del programa fue aplazada.",
        "Un grupo de personas fue detenido.",
        "Una jornada en la calle organizada por vecinos.",
        "El gobierno decida lo que decida.",
        "El informe medidas propone.",
        "Los niños y las niñas fueron premiados.",
        "El nuevo parte médico se publicó.",
        "Una mujer solo dijo que sí.",
        "El municipio cuenta con recursos.",
        "El fútbol juega un papel.",
        "La relación franco-alemana es buena.",
        "La ministra y el juez rara vez hablan.",
        "Esta noche quedó comprobado.",
        "Es una alianza político-militar.",
    ],
)
def test_what_may_be_right_is_left(text: str) -> None:
    assert wrong_adjectives(text, "es") == []


def test_only_spanish_is_looked_at() -> None:
    assert wrong_adjectives("La primera puente", "en") == []
