"""Whatever character comes in comes out, through the embedded models."""

import random
import sys
import unicodedata

import pytest

from models.engines.translator import PLAIN
from models.routes import route
from pipeline.decode import Decoder
from pipeline.pipeline import Pipeline

_KINDS = ("L", "M", "S", "N")
_SENTENCES = {"en": "The sign x{} was on the door.", "es": "El letrero x{} estaba en la puerta."}
_EACH = 25
"""Characters of each category in the sample."""


def _all() -> dict[str, list[str]]:
    """The letters, marks, symbols and numbers of Unicode that are their own normal form, by category."""
    found: dict[str, list[str]] = {}
    for number in range(0xA1, sys.maxunicode + 1):
        character = chr(number)
        category = unicodedata.category(character)
        if category[0] in _KINDS and unicodedata.normalize("NFC", character) == character:
            found.setdefault(category, []).append(character)
    return found


def _lost(decoder: Decoder, source: str, target: str, characters: list[str]) -> list[str]:
    texts = [_SENTENCES[source].format(character) for character in characters]
    path = route(decoder.catalogue, source, target)
    outputs = decoder.decode(path, texts, PLAIN, lambda _: None)
    return [c for c, output in zip(characters, outputs, strict=True) if c not in output.text]


@pytest.mark.parametrize(("source", "target"), [("en", "es"), ("es", "en")])
def test_a_sample_of_each_category(pipeline: Pipeline, source: str, target: str) -> None:
    dice = random.Random(7)
    sample = [
        character
        for of_category in _all().values()
        for character in dice.sample(of_category, min(_EACH, len(of_category)))
    ]
    assert _lost(pipeline.decoder, source, target, sample) == []


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("source", "target"), [("en", "es"), ("es", "en")])
def test_all_of_unicode(pipeline: Pipeline, source: str, target: str) -> None:
    every = [character for of_category in _all().values() for character in of_category]
    assert _lost(pipeline.decoder, source, target, every) == []
