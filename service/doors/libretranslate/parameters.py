"""The parameters of LibreTranslate's API."""

from service.doors.parameters import Parameters
from service.errors import MalformedRequest


class Missing(MalformedRequest):
    """A parameter is missing."""

    def __init__(self, name: str) -> None:
        """`name` is the parameter's; LibreTranslate's clients know this message."""
        super().__init__(f"Invalid request: missing {name} parameter")


def required(parameters: Parameters, name: str) -> str:
    """The text of a parameter; Missing where it is not given."""
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        raise Missing(name)
    return value


def texts_of(parameters: Parameters) -> tuple[list[str], bool]:
    """The texts of `q`, and whether it is an array."""
    value = parameters.get("q")
    if isinstance(value, list) and value and all(isinstance(text, str) for text in value):
        return value, True
    return [required(parameters, "q")], False
