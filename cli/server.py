"""A front that commands send requests to: an HTTP client, and what its answers mean."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx

from models.errors import DragomanError
from service.errors import InvalidRequest
from service.settings import Settings

FIRST_ANSWER_SECONDS = 5.0
"""The longest wait for the first answer of a server: a wrong address is reported at once."""


class ServerUnavailable(DragomanError):
    """The server cannot answer at the moment."""


class ServerNotFound(DragomanError):
    """There is no front at the address."""

    def __init__(self, address: str, reason: object) -> None:
        """`reason` is the error, or what answered instead."""
        super().__init__(
            f"No Dragoman front answers at {address} ({reason}): "
            "check the address, or start one with `dragoman up`."
        )


@contextmanager
def connect(address: str, settings: Settings) -> Iterator[httpx.Client]:
    """A client whose requests are sent to the front at this address.

    Raises ServerNotFound if there is none, and ServerUnavailable where it ends a connection.
    """
    url = address if "://" in address else f"http://{address}"
    key = settings.api_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
    try:
        # The time-out of later requests is longer than the longest `Prefer: wait`.
        client = httpx.Client(base_url=url, headers=headers, timeout=90)
        health = client.get("/healthz", timeout=FIRST_ANSWER_SECONDS)
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise ServerNotFound(url, error) from error
    with closing(client):
        if not health.is_success:
            raise ServerNotFound(url, f"its /healthz answers {health.status_code}")
        try:
            yield client
        except httpx.TransportError as error:
            raise ServerUnavailable(f"{url} ended the connection: {error}") from error


def checked(answer: httpx.Response) -> httpx.Response:
    """Return a successful answer; InvalidRequest for a refusal, ServerUnavailable if a retry may help."""
    if answer.is_success:
        return answer
    answer.read()
    try:
        detail = answer.json()["detail"]
    except (ValueError, KeyError, TypeError):
        detail = f"The server answered {answer.status_code}."
    raise problem_error(answer.status_code, detail)


def problem_error(status: int, detail: str) -> DragomanError:
    """The error that stands for a problem of the server: ServerUnavailable or InvalidRequest."""
    if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
        return ServerUnavailable(detail)
    return InvalidRequest(detail)


def event_data(answer: httpx.Response) -> Iterator[str]:
    """Yield the data of each server-sent event: one line, as a front writes it."""
    for line in answer.iter_lines():
        if line.startswith("data: "):
            yield line.removeprefix("data: ")
