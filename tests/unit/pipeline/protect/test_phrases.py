"""Phrases that are known: lines of their own, and what somebody says."""

import pytest

from pipeline.protect import protect

NONE = frozenset[str]()


@pytest.mark.parametrize(
    ("source", "target", "line", "translation"),
    [
        ("en", "es", "No, no, no!", "¡No, no, no!"),
        ("en", "es", "Yes yes yes yes", "Sí sí sí sí"),
        ("en", "es", "never never never", "nunca nunca nunca"),
        ("en", "es", "Ha ha ha ha ha!", "¡Ja ja ja ja ja!"),
        ("es", "en", "¡Gol, gol, gol!", "Goal, goal, goal!"),
        ("es", "en", "—insistió ella.", "she insisted."),
        ("es", "en", "— Preguntó ella.", "She asked."),
    ],
)
def test_lines(source: str, target: str, line: str, translation: str) -> None:
    assert protect(line, source, target, NONE).parts == ((translation, False),)


@pytest.mark.parametrize(
    ("source", "target", "text", "read"),
    [
        (
            "en",
            "es",
            "“Good,” he said of it, and left at once.",
            "“Bien,” he said of it, and left at once.",
        ),
        (
            "en",
            "es",
            "“Of course,” the minister said on Monday.",
            "“Por supuesto,” the minister said on Monday.",
        ),
        (
            "en",
            "es",
            "“Why?” she asked when she had read it.",
            "“Por qué?” she asked when she had read it.",
        ),
        ("es", "en", "Perfecto, dijo.", "Perfect, dijo."),
        (
            "es",
            "en",
            "Nunca, contestó la ministra el lunes.",
            "Never, contestó la ministra el lunes.",
        ),
        ("en", "es", "Good schools are rare, he said.", "Good schools are rare, he said."),
        (
            "en",
            "es",
            "The “Good Friday” deal still holds today.",
            "The “Good Friday” deal still holds today.",
        ),
    ],
)
def test_what_is_said(source: str, target: str, text: str, read: str) -> None:
    assert "".join(part for part, _ in protect(text, source, target, NONE).parts) == read
