"""What a language model adds, in languages that the other checks hardly know."""

import pytest

from pipeline.checks import check

SOURCE = "The mayor said that many people were there."


@pytest.mark.parametrize(
    ("language", "translation", "code"),
    [
        ("ru", "Мэр сказал, что там было много 人.", "wrong-script"),
        ("uk", "Мер сказав, що там було μαζικά людей.", "wrong-script"),
        ("de", f"Der Bürgermeister sagte: {SOURCE}", "untranslated"),
        ("fr", "Le maire a dit **cela**.", "markup-added"),
        ("fr", "Le maire l'a dit. Let me know if you need more!", "chatter"),
    ],
)
def test_an_addition_is_flagged(language: str, translation: str, code: str) -> None:
    assert code in [flag.code.value for flag in check(SOURCE, translation, "en", language)]


@pytest.mark.parametrize(
    ("language", "translation"),
    [
        ("ja", "市長は、そこに多くの人々がいたと述べました。"),
        ("ko", "시장은 그곳에 많은 사람들이 있었다고 말했다."),
        ("zh", "市长说那里有很多人。"),
        ("ru", "Мэр сказал, что там было много людей (PDF)."),
        ("el", "Ο δήμαρχος είπε ότι ήταν εκεί πολλοί άνθρωποι."),
    ],
)
def test_a_language_in_its_own_script_is_not(language: str, translation: str) -> None:
    codes = {flag.code.value for flag in check(SOURCE, translation, "en", language)}
    assert codes.isdisjoint({"wrong-script", "chatter", "markup-added"})
