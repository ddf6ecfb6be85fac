"""A front that commands send requests to: an HTTP client, and what its answers mean."""

import httpx

from models.errors import DragomanError
from service.errors import InvalidRequest
from service.settings import Settings


class ServerUnavailable(DragomanError):
    """The server cannot answer at the moment."""


def connect(address: str, settings: Settings) -> httpx.Client:
    """A client whose requests are sent to the front at this address."""
    key = settings.api_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    # Longer than the longest `Prefer: wait`.
    return httpx.Client(base_url=address, headers=headers, timeout=90)


def checked(answer: httpx.Response) -> httpx.Response:
    """Return a successful answer; InvalidRequest for a refusal, ServerUnavailable if a retry may help."""
    if answer.is_success:
        return answer
    answer.read()
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = f"The server answered {answer.status_code}."
    if answer.is_server_error or answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise ServerUnavailable(detail)
    raise InvalidRequest(detail)
