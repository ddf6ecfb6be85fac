"""The result of a check: a stable code, a severity, the place, and a sentence for an editor."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.spans import Span


class Code(StrEnum):
    """The kind of problem. Codes are part of the interface and are never renamed."""

    NUMBER_MISSING = "number-missing"
    NUMBER_CHANGED = "number-changed"
    NUMBER_ADDED = "number-added"
    DATE_CHANGED = "date-changed"
    NAME_MISSING = "name-missing"
    NAME_CHANGED = "name-changed"
    COUNTRY_CHANGED = "country-changed"
    URL_CHANGED = "url-changed"
    QUOTE_UNBALANCED = "quote-unbalanced"
    QUOTE_LOST = "quote-lost"
    NEGATION_LOST = "negation-lost"
    NEGATION_ADDED = "negation-added"
    SENTENCE_OMITTED = "sentence-omitted"
    REPETITION = "repetition"
    UNTRANSLATED = "untranslated"
    WRONG_LANGUAGE = "wrong-language"
    TRUNCATED = "truncated"
    UNKNOWN_WORD = "unknown-word"
    AGREEMENT = "agreement"
    SIGN_LOST = "sign-lost"
    UNRELATED = "unrelated"
    SENSE_DOUBTFUL = "sense-doubtful"
    UNSUPPORTED = "unsupported"
    REFUSED = "refused"
    TERM_MISSING = "term-missing"
    CHATTER = "chatter"
    MARKUP_ADDED = "markup-added"
    WRONG_SCRIPT = "wrong-script"
    REGIONAL_FORM = "regional-form"
    MARKUP_GUESSED = "markup-guessed"
    CUE_TOO_FAST = "cue-too-fast"


class Severity(StrEnum):
    """An error means that the text is false or missing; a warning means that an editor should look at it."""

    ERROR = "error"
    WARNING = "warning"


SEVERITIES = dict.fromkeys(Code, Severity.ERROR) | {
    Code.NAME_MISSING: Severity.WARNING,
    Code.QUOTE_UNBALANCED: Severity.WARNING,
    Code.QUOTE_LOST: Severity.WARNING,
    Code.NEGATION_LOST: Severity.WARNING,
    Code.NEGATION_ADDED: Severity.WARNING,
    Code.UNKNOWN_WORD: Severity.WARNING,
    Code.AGREEMENT: Severity.WARNING,
    Code.MARKUP_ADDED: Severity.WARNING,
    Code.MARKUP_GUESSED: Severity.WARNING,
    Code.UNRELATED: Severity.WARNING,
    Code.TERM_MISSING: Severity.WARNING,
    Code.SENSE_DOUBTFUL: Severity.WARNING,
    Code.REGIONAL_FORM: Severity.WARNING,
    Code.CUE_TOO_FAST: Severity.WARNING,
}


@dataclass(frozen=True, slots=True)
class CheckFlag:
    """One problem for an editor to look at.

    The spans refer to the source segment and to the target segment; None where there is nothing to point
    to.
    """

    code: Code
    message: str
    source: Span | None = None
    target: Span | None = None

    @property
    def severity(self) -> Severity:
        """The severity, which depends on the code alone."""
        return SEVERITIES[self.code]
