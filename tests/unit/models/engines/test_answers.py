"""Reading the answer of a language model: the translation alone, or nothing."""

import pytest

from models.engines.answers import read_answer

SOURCE = "The mayor said that 107 people were there."
TRANSLATION = "El alcalde dijo que había 107 personas."


@pytest.mark.parametrize(
    "answer",
    [
        TRANSLATION,
        f"  {TRANSLATION}\n",
        f"<think>\nThe mayor is “el alcalde”.\n</think>\n\n{TRANSLATION}",
        f"Sure! Here is the translation:\n\n{TRANSLATION}",
        f"Here's the Spanish translation: {TRANSLATION}",
        f"Here you go:\n\n{TRANSLATION}",
        f"**Translation:** {TRANSLATION}",
        f"Spanish translation:\n{TRANSLATION}",
        f"Claro, aquí tienes la traducción:\n{TRANSLATION}",
        f"Übersetzung: {TRANSLATION}",
        f"“{TRANSLATION}”",
        f"```text\n{TRANSLATION}\n```",
        f"**{TRANSLATION}**",
        f"{TRANSLATION}\n\n(Note: “alcalde” may also be “alcaldesa”.)",
        f"{TRANSLATION}\n\n**Explanation:** the number was kept.\n- one\n- two",
        f"{TRANSLATION}\n\nLet me know if you need anything else!",
    ],
)
def test_only_the_translation_is_read(answer: str) -> None:
    assert read_answer(answer, SOURCE) == TRANSLATION


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "  \n",
        "<think>The mayor",
        "<think>Done.</think>",
        "I'm sorry, but I can't translate this text.",
        "I cannot assist with that request.",
        "As an AI language model, I have no opinion.",
        "Lo siento, no puedo ayudar con eso.",
    ],
)
def test_a_refusal_is_no_translation(answer: str) -> None:
    assert read_answer(answer, SOURCE) is None


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Of course, she said: go home.", "Por supuesto, dijo: váyanse a casa."),
        ("“I cannot help you,” she said.", "«No puedo ayudarle», dijo."),
        ("The translation was late: two years.", "La traducción llegó tarde: dos años."),
        ("The translation of the book came out.", "La traducción del libro salió: por fin."),
        ("“Never.”", "«Nunca»."),
        ("“Never”", "“Nunca”"),
        ("**Breaking** news", "**Última** hora"),
        ("Naturally, go.", "Claro. Vaya."),
        ("Note: the shop is shut.", "Nota: la tienda está cerrada."),
        ("It is so.\n\nNote: the shop is shut.", "Así es.\n\nNota: la tienda está cerrada."),
        ("AI cannot translate, he said.", "La IA no puede traducir, dijo."),
        ("Use `<think>` tags.", "Use las etiquetas `<think>`."),
    ],
)
def test_a_translation_that_looks_like_chatter_is_kept(source: str, translation: str) -> None:
    assert read_answer(translation, source) == translation
