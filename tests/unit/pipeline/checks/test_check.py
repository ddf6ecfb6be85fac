"""The checks, by tables of sentences: what must be raised and, as many, what must not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import check

HERE = Path(__file__).parent


def rows(kind: str) -> list[list[str]]:
    found = []
    for path in sorted(HERE.glob(f"{kind}.*.tsv")):
        pair = path.name.split(".")[1].split("-")
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                found.append([*pair, *line.split("\t")])
    return found


@pytest.mark.parametrize(("source", "target", "original", "translation"), rows("right"))
def test_a_right_translation_raises_nothing(
    source: str, target: str, original: str, translation: str
) -> None:
    assert check(original, translation, source, target) == []


@pytest.mark.parametrize(("source", "target", "codes", "original", "translation"), rows("wrong"))
def test_a_wrong_translation_raises_these(
    source: str, target: str, codes: str, original: str, translation: str
) -> None:
    flags = check(original, translation, source, target)
    assert sorted({flag.code.value for flag in flags}) == sorted(codes.split())
    for flag in flags:
        assert flag.message.endswith((".", "”"))
        for span, text in ((flag.source, original), (flag.target, translation)):
            assert span is None or 0 <= span.start < span.end <= len(text)


@given(st.text(), st.text(), st.sampled_from(["en", "es", "zh", "ar", "xx"]))
def test_no_text_breaks_a_check(source: str, target: str, language: str) -> None:
    check(source, target, "en", language)
    check(target, source, language, "es")
