"""Words and abbreviations that multiply the figure before them: "5 million", "£5mln", "US$5MM"."""

MAGNITUDES = {
    "en": {
        "k": 3, "thousand": 3, "m": 6, "mn": 6, "mln": 6, "million": 6, "b": 9, "bn": 9, "billion": 9,
        "thousand million": 9, "tn": 12, "trn": 12, "trillion": 12,
    },
    "es": {
        "k": 3, "mil": 3, "m": 6, "mm": 6, "millón": 6, "millones": 6, "mil millones": 9, "millardos": 9,
        "billón": 12, "billones": 12,
    },
}  # fmt: skip
"""By language, what may follow a figure, in lower case, and the power of ten that it means."""
POWERS = {word: power for words in MAGNITUDES.values() for word, power in words.items()}
"""The same of all languages: a translation may copy an abbreviation, and none means two powers."""
ABBREVIATIONS = frozenset({"k", "m", "mm", "mn", "mln", "b", "bn", "tn", "trn"})
"""Those that are written directly after the figure."""
