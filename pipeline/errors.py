"""Errors that can occur while the pipeline processes an article."""

from models.errors import DragomanError


class UndeterminedLanguage(DragomanError):
    """The language of the text could not be determined: give `source`."""

    status = 422
    title = "Undetermined language"
    code = "undetermined-language"


class UnsupportedLanguage(DragomanError):
    """The summary model does not read the article's language."""

    status = 422
    title = "Unsupported language"
    code = "unsupported-language"


class FactsChanged(DragomanError):
    """Some sentences are wrong after translation, and `on_flag` is `fail`; `sentences` names each."""

    status = 422
    title = "Facts changed"
    code = "facts-changed"


class NothingWritten(DragomanError):
    """The model wrote nothing for the summary: choose another, or leave `model` out."""

    status = 422
    title = "Nothing written"
    code = "nothing-written"


class InvalidDocument(DragomanError):
    """The document cannot be read as a file of its format."""

    status = 422
    title = "Invalid document"
    code = "invalid-document"
