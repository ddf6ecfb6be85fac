"""The root of Dragoman's error tree, and what can go wrong with a model.

The root lives in the lowest room so that there is one tree: `service.errors` grows the HTTP branch
from it. A class carries the HTTP status and the title it is answered with, wherever it is raised.
"""

from typing import Any, ClassVar


class DragomanError(Exception):
    """Something went wrong in Dragoman."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"
    code: ClassVar[str] = "internal"

    def __init__(self, detail: str | None = None, **extra: Any) -> None:
        """`detail` is for a human and says what to change; `extra` goes into the problem as it is."""
        self.detail = detail or (self.__doc__ or "").strip().splitlines()[0]
        self.extra = extra
        super().__init__(self.detail)


class WrongSetting(DragomanError):
    """A setting in the environment does not fit."""

    title = "Wrong setting"
    code = "setting"


class CatalogueError(DragomanError):
    """The catalogue of models has a wrong entry."""

    title = "Wrong catalogue"
    code = "catalogue"


class UnsupportedPair(DragomanError):
    """No model translates between these two languages."""

    status = 422
    title = "Unsupported language pair"
    code = "unsupported-pair"


class UnknownModel(DragomanError):
    """The catalogue has no model of this id for this task."""

    status = 422
    title = "Unknown model"
    code = "unknown-model"


class ModelRefused(DragomanError):
    """The model is in the catalogue, but cannot be used here and now."""

    def __init__(self, detail: str, *, fix: str) -> None:
        """`fix` is the command or the setting that makes the model usable."""
        self.fix = fix
        super().__init__(f"{detail} To fix it: {fix}", fix=fix)


class ModelNotReady(ModelRefused):
    """The model's files are not on this machine."""

    status = 409
    title = "Model not ready"
    code = "model-not-ready"


class LicenceRefused(ModelRefused):
    """The model's licence forbids commercial use, and the settings do not allow the model."""

    status = 403
    title = "Licence refused"
    code = "licence-refused"


class FetchFailed(DragomanError):
    """A model could not be fetched from the hub."""

    title = "Fetch failed"
    code = "fetch-failed"


class ModelUnavailable(DragomanError):
    """The model's files are missing, damaged or cannot be loaded."""

    title = "Model unavailable"
    code = "model-unavailable"
