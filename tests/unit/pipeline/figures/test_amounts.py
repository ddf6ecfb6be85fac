"""Amounts of money from one language's notation to the other's."""

import pytest

from pipeline.figures.amounts import amounts
from pipeline.figures.writing import written

ENGLISH = [
    ("a bill of £3.4bn", "3.400 millones de libras"),
    ("about $2.25 a litre", "2,25 dólares"),
    ("€610m in aid", "610 millones de euros"),
    ("some ¥12,500 each", "12.500 yenes"),
    ("₹90 crore, ₹450 a kilo", "90 rupias | 450 rupias"),
    ("C$14.5m from Ottawa", "14,5 millones de dólares canadienses"),
    ("$2tn of debt", "2 billones de dólares"),
    ("€320k a year", "320.000 euros"),
    ("CHF 75 or EUR 80", "75 francos suizos | 80 euros"),
    ("between 3bn and 4bn pesos", "4.000 millones de pesos"),
    ("$20-25 million", "20-25 millones de dólares"),
    ("one pound, 1 pound", "1 libra"),
    ("one million pounds", "1 millón de libras"),
    ("shares fell 6.5p", "6,5 peniques"),
    # No money, or not surely: left to the model and the checks.
    ("1080p video", ""),
    ("they won 12 games, 4 won", ""),
    ("3 real friends", ""),
    ("section 4.2", ""),
    ("room B12", ""),
]
SPANISH = [
    ("un plan de 7.300 millones de euros", "€7.3 billion"),
    ("cuesta 2.450,75 € al mes", "€2,450.75"),
    ("900 millones de pesos", "900 million pesos"),
    ("3,2 billones de pesos", "3.2 trillion pesos"),
    ("un millón de dólares", "$1 million"),
    ("multa de 600 soles y 80 bolivianos", "600 soles | 80 bolivianos"),
    ("45 mil dólares", "$45,000"),
    ("entre 5 y 8 millones de libras", "£8 million"),
    ("12 reales", "12 reais"),
    ("un real problema, 1 real", ""),  # another word as often, without a magnitude
    ("el artículo 155", ""),
]


@pytest.mark.parametrize(("text", "spanish"), ENGLISH)
def test_english_amounts_in_spanish(text: str, spanish: str) -> None:
    assert " | ".join(written(amount, "es") for amount in amounts(text, "en")) == spanish


@pytest.mark.parametrize(("text", "english"), SPANISH)
def test_spanish_amounts_in_english(text: str, english: str) -> None:
    assert " | ".join(written(amount, "en") for amount in amounts(text, "es")) == english


def test_an_amount_has_its_place() -> None:
    text = "It cost £1.2bn, not £2."
    assert [text[slice(*amount.span)] for amount in amounts(text, "en")] == ["£1.2bn", "£2"]


def test_a_language_without_words_for_money_has_none() -> None:
    assert list(amounts("5 Euro und £4", "de")) == []
