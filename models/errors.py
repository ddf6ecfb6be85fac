"""The root of Dragoman's errors, and the errors about models.

The root is here, in the lowest package, so that every other package can derive from it. Each class has
the HTTP status, title and code with which the API reports it, whichever package raises it.
"""

from typing import Any, ClassVar


class DragomanError(Exception):
    """Base class of all of Dragoman's errors."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"
    code: ClassVar[str] = "internal"

    def __init__(self, detail: str | None = None, **extra: Any) -> None:
        """Create the error.

        `detail` is a message that names the problem and its fix; the first line of the class's
        docstring if not given. `extra` are further fields of the API's problem document.
        """
        self.detail = detail or (self.__doc__ or "").strip().splitlines()[0]
        self.extra = extra
        super().__init__(self.detail)


class WrongSetting(DragomanError):
    """A setting in the environment is invalid."""

    title = "Invalid setting"
    code = "setting"


class CatalogueError(DragomanError):
    """The catalogue of models has an invalid entry."""

    title = "Invalid catalogue"
    code = "catalogue"


class UnsupportedPair(DragomanError):
    """No model translates between these two languages."""

    status = 422
    title = "Unsupported language pair"
    code = "unsupported-pair"


class UnknownModel(DragomanError):
    """The catalogue has no model with this id for this task."""

    status = 422
    title = "Unknown model"
    code = "unknown-model"


class ModelRefused(DragomanError):
    """The model is in the catalogue but cannot be used now."""

    def __init__(self, detail: str, *, fix: str) -> None:
        """Create the error; `fix` is the command or setting that makes the model usable."""
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


class ServerRefused(ModelRefused):
    """The model is on a server to which the settings allow no text to be sent."""

    status = 403
    title = "Server refused"
    code = "server-refused"


class FetchFailed(DragomanError):
    """A model could not be fetched from the hub."""

    title = "Fetch failed"
    code = "fetch-failed"


class ModelUnavailable(DragomanError):
    """The model's files are missing, damaged or cannot be loaded."""

    title = "Model unavailable"
    code = "model-unavailable"
