"""Translated sentences in the house style."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from pipeline.checked import Checked
from pipeline.protect.literal import is_code
from pipeline.style import capitals, quotes
from pipeline.style.house import HouseStyle


def in_style(
    checked: Sequence[Checked],
    cases: Sequence[capitals.Case],
    paragraphs: Sequence[int],
    target: str,
    house: HouseStyle,
) -> list[Checked]:
    """Apply the house style's capitals and quotation marks to the translations.

    `paragraphs` has the number of each sentence's paragraph: within a paragraph, a quotation may continue
    from one sentence to the next.
    """
    texts = [
        capitals.in_style(sentence.text, case, house.headlines)
        for sentence, case in zip(checked, cases, strict=True)
    ]
    styled: list[str] = []
    for _, numbers in groupby(range(len(texts)), lambda number: paragraphs[number]):
        styled += quotes.in_style([texts[n] for n in numbers], house.quotes, target)
    return [
        # Quotation marks in code are part of the code.
        sentence if is_code(sentence.text) else replace(sentence, text=text)
        for sentence, text in zip(checked, styled, strict=True)
    ]


def with_first_letter(source: str, checked: Checked) -> Checked:
    """Capitalise the translation if its source begins with a capital: "perfecto." for "Perfect."."""
    text = checked.text
    if not (source[:1].isupper() and text[:1].islower()) or len(text[0].upper()) > 1:
        return checked
    return replace(checked, text=text[0].upper() + text[1:])
