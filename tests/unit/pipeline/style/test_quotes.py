"""Quotation marks in the house's style."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.style.quotes import in_style, paired

CASES = [
    (['"Vamos", dijo.'], ["“Vamos”, dijo."], ["«Vamos», dijo."]),
    (['Dijo: "Vamos".'], ["Dijo: “Vamos”."], ["Dijo: «Vamos»."]),
    # It goes on in the next sentence of the paragraph.
    (
        ['Dijo: "Vamos.', 'Y ganaremos".'],
        ["Dijo: “Vamos.", "Y ganaremos”."],
        ["Dijo: «Vamos.", "Y ganaremos»."],
    ),
    # Nested, both ways of writing it.
    (
        ["\"Me dijo 'no' y se fue\", contó."],
        ["“Me dijo ‘no’ y se fue”, contó."],
        ["«Me dijo “no” y se fue», contó."],
    ),
    (['"Él dijo "no" ayer".'], ["“Él dijo ‘no’ ayer”."], ["«Él dijo “no” ayer»."]),
    # Marks in a tag are its own.
    (
        ['<a href="/a">"Sí"</a>'],
        ['<a href="/a">“Sí”</a>'],
        ['<a href="/a">«Sí»</a>'],
    ),
    # Already in a style, and mixed.
    (["«Vamos», dijo."], ["“Vamos”, dijo."], ["«Vamos», dijo."]),
    (["“Vamos”, dijo."], ["“Vamos”, dijo."], ["«Vamos», dijo."]),
    # Apostrophes and inches are left.
    (["El O'Brien de los '90."], ["El O'Brien de los '90."], ["El O'Brien de los '90."]),
    (["Don't, dijo."], ["Don't, dijo."], ["Don't, dijo."]),
    # Punctuation inside, brackets, dashes, questions.
    (['¿"Ganar"?'], ["¿“Ganar”?"], ["¿«Ganar»?"]),
    (['("Ganar")'], ["(“Ganar”)"], ["(«Ganar»)"]),
    (
        ['Una "guerra".', 'Otra "paz".'],
        ["Una “guerra”.", "Otra “paz”."],
        ["Una «guerra».", "Otra «paz»."],
    ),
    (['"¡Basta!", gritó.'], ["“¡Basta!”, gritó."], ["«¡Basta!», gritó."]),
    (["El 'no' ganó."], ["El “no” ganó."], ["El «no» ganó."]),
]


@pytest.mark.parametrize(("sentences", "curly", "angled"), CASES)
def test_both_styles(sentences: list[str], curly: list[str], angled: list[str]) -> None:
    assert in_style(sentences, "curly", "es") == curly
    assert in_style(sentences, "angled", "es-MX") == angled


def test_other_languages_keep_theirs() -> None:
    assert in_style(["„Ja“, sagte er."], "curly", "de") == ["„Ja“, sagte er."]


@given(st.lists(st.text(alphabet="ab .,\"'“”«»‘’¿(", max_size=30), max_size=4))
def test_nothing_else_changes(sentences: list[str]) -> None:
    marks = dict.fromkeys(map(ord, "\"'“”«»‘’"), "|")
    styled = in_style(sentences, "curly", "es")
    assert [s.translate(marks) for s in styled] == [s.translate(marks) for s in sentences]


@pytest.mark.parametrize(
    ("source", "target", "repaired"),
    [
        ('"We will go," he said.', '"Iremos, dijo.', '"Iremos", dijo.'),
        ('"We will go," he said.', 'Iremos", dijo.', '"Iremos", dijo.'),
        ('"We will go," he said.', "Iremos, dijo.", '"Iremos", dijo.'),
        ('He said: "We will go."', 'Dijo: "Iremos.', 'Dijo: "Iremos".'),
        ('He said: "Will we go?"', "Dijo: ¿Iremos?", 'Dijo: "¿Iremos?"'),
        ("“We will go,” he said.", '"Iremos", dijo".', '"Iremos", dijo.'),
        ('"We will go.', "Iremos.", '"Iremos.'),
        ('It will end."', "Terminará.", 'Terminará".'),
        ('"We will go," he said.', '"Iremos", dijo.', '"Iremos", dijo.'),
        ("It rains.", "Llueve.", "Llueve."),
        # Nested: the model wrote one mark where two close.
        (
            "\"She told us to 'get out now',\" he said.",
            '"Nos dijo que "saliéramos ya", contó.',
            "\"Nos dijo que 'saliéramos ya'\", contó.",
        ),
        (
            '"\'Never\' was his word," she said: "We ran."',
            '"Nunca" fue su palabra", dijo: "Corrimos".',
            '"\'Nunca\' fue su palabra", dijo: "Corrimos".',
        ),
        (
            "\"He told me 'no' and left,\" she said.",
            '"Me dijo "no" y se fue", contó.',
            "\"Me dijo 'no' y se fue\", contó.",
        ),
    ],
)
def test_lost_marks_come_back(source: str, target: str, repaired: str) -> None:
    assert paired(source, target) == repaired


@given(st.text(alphabet='ab ,."', max_size=30), st.text(alphabet='ab ,."', max_size=30))
def test_pairing_changes_marks_alone(source: str, target: str) -> None:
    assert paired(source, target).replace('"', "") == target.replace('"', "")


def test_the_marks_in_a_tag_are_no_quotation() -> None:
    text = 'He said "no" to the <a href="/plan">"plan"</a>.'
    assert in_style([text], "curly", "en") == ['He said “no” to the <a href="/plan">“plan”</a>.']
