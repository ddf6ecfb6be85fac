import pytest

from pipeline.protect.quotations import quotations


@pytest.mark.parametrize(
    ("text", "source", "kept"),
    [
        (
            "She shouted: “Queremos justicia para nuestros hijos.” Then she left.",
            "en",
            ["Queremos justicia para nuestros hijos."],
        ),
        ('They chanted "nunca más" for an hour.', "en", ["nunca más"]),
        ("“We want justice for our children,” she said.", "en", []),
        ("«We will never leave this town», gritaron.", "es", ["We will never leave this town"]),
        ("«No nos vamos a ir», gritaron.", "es", []),
        (
            "He read “Cien años de soledad” and “The Road” last year.",
            "en",
            ["Cien años de soledad"],
        ),
        ("She called it “fiesta time” in the barrio.", "en", []),
        ("“Wir bleiben hier,” she said.", "en", []),
    ],
)
def test_a_quotation_in_the_other_language_is_kept(text: str, source: str, kept: list[str]) -> None:
    assert [span.original for span in quotations(text, source)] == kept
