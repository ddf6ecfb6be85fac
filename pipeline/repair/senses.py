"""Sources with likely translations in place of the words that a model gave another sense.

Models copy a word of their target language: "El councillor dimitió" becomes "The councillor resigned",
where "El concejal dimitió" became "The donor resigned".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.checks import CheckFlag, Code
from pipeline.checks.bilingual import translations
from pipeline.checks.lexicon import genders
from pipeline.checks.reading import read
from pipeline.spans import replace_spans

_FORMS = 2
"""How many translations of a word are tried, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """A source with words of the target language, and these words."""

    text: str
    words: frozenset[str]

    def is_kept(self, translation: str, language: str) -> bool:
        """Whether the translation has the words that were sent."""
        return self.words <= {word.lower for word in read(translation, language).words}


def with_translations(
    text: str, flags: Sequence[CheckFlag], source: str, target: str
) -> list[Mixed]:
    """The text with the likeliest, and with the next likely, translations of its doubtful words."""
    doubtful = [f.source for f in flags if f.code is Code.SENSE_DOUBTFUL and f.source is not None]
    # A Spanish verb would keep the person and tense of its entry, whatever the sentence needs.
    nouns = genders(target)
    forms = []
    for span in doubtful:
        known = translations(text[slice(*span)].lower(), source, target)
        forms.append((span, [form for form in known if not nouns or form in nouns]))
    variants = []
    for rank in range(_FORMS):
        chosen = [(span, known[rank]) for span, known in forms if rank < len(known)]
        if chosen:
            words = frozenset(form for _, form in chosen)
            variants.append(Mixed(replace_spans(text, chosen), words))
    return variants
