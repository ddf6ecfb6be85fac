"""DeepL's language codes: upper case, and with a region for some targets."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from babel import Locale

from models.catalogue import Catalogue
from models.language_codes import primary_subtag
from models.routes import routes

_NORWEGIAN = {"NB": "no"}
"""DeepL's code of a language that some models call by another."""
_REGIONAL = {
    "en": {"EN-GB": "English (British)", "EN-US": "English (American)"},
    "es": {"ES": "Spanish", "ES-419": "Spanish (Latin American)"},
    "pt": {"PT-BR": "Portuguese (Brazilian)", "PT-PT": "Portuguese (European)"},
    "zh": {"ZH": "Chinese (simplified)", "ZH-HANS": "Chinese (simplified)"},
}
"""The targets that DeepL lists for a language, with their names; the models write one variety."""


@dataclass(frozen=True, slots=True)
class ListedLanguage:
    """A language as version 3 of the API lists it: `es`, `es-419`."""

    code: str
    name: str
    is_source: bool
    is_target: bool


class ServedLanguages:
    """The languages that can be translated now."""

    def __init__(self, catalogue: Catalogue) -> None:
        pairs = routes(catalogue)
        self.pairs: Collection[tuple[str, str]] = pairs.keys()
        self.sources = sorted({source for source, _ in pairs})
        self.targets = sorted({target for _, target in pairs})

    def source(self, code: str) -> str | None:
        """Dragoman's code of a source language; None if it is not served."""
        return _served(code, self.sources)

    def target(self, code: str) -> str | None:
        """Dragoman's code of a target language, with or without a region; None if it is not served."""
        return _served(code, self.targets)

    def all(self) -> list[ListedLanguage]:
        """Each language once, and its regional targets."""
        found: dict[str, ListedLanguage] = {}
        for source in self.sources:
            code = code_of(source)
            found[code] = ListedLanguage(code.lower(), name_of(source), True, False)
        for target in self.targets:
            for code, name in named_targets(target):
                found[code] = ListedLanguage(_as_tag(code), name, code in found, True)
        return sorted(found.values(), key=lambda language: language.code)


def code_of(language: str) -> str:
    """DeepL's code of a language, as it is detected."""
    return "NB" if language == "no" else language.upper()


def named_targets(language: str) -> Iterator[tuple[str, str]]:
    """DeepL's codes and names of a target language."""
    if language in _REGIONAL:
        yield from _REGIONAL[language].items()
    else:
        yield code_of(language), name_of(language)


def name_of(language: str) -> str:
    """The English name of a language."""
    return str(Locale("en").languages.get(language, language))


def _served(code: str, languages: Collection[str]) -> str | None:
    language = primary_subtag(code)
    names = (language, _NORWEGIAN.get(language.upper(), language))
    return next((name for name in names if name in languages), None)


def _as_tag(code: str) -> str:
    """The code as BCP 47 writes it: `en-US`, `zh-Hans`."""
    language, _, region = code.partition("-")
    written = region if len(region) < len("Hans") else region.title()
    return f"{language.lower()}-{written}" if region else language.lower()
