"""The courier: calls the webhooks of jobs and batches that have ended, at least once.

Messages are signed, and retried for a day. A sorted set in Redis holds what is to be delivered, by the
time it is due; the script that ends a job adds to it, and for a batch the feeder. A courier claims a
delivery by moving it some seconds on, so that a delivery of a killed courier is due again. A message is
small and holds no text: its receiver fetches the job with its key.
Form and signature are those of Standard Webhooks
(https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
"""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import random
import ssl
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from typing import Any

import httpcore
import redis.asyncio
from redis import RedisError

from service.jobs.job import CallbackState, RecordKind, Ref
from service.jobs.scripts import WEBHOOKS, load
from service.settings import Settings
from service.webhooks.addresses import NotPublic, PublicBackend

MAX_DELIVERIES = 128
"""Deliveries at a time: each costs a file descriptor, and a thread while its name is resolved."""
MAX_PER_CLIENT = 32
"""Deliveries of one client at a time, so that silent receivers of one do not delay the others."""
MAX_PER_HOST = 8
"""Deliveries to one host at a time."""
PUT_OFF_SECONDS = 1.0
"""How long a delivery waits whose client or host is at its maximum."""
GONE = 410
"""The status by which a receiver says that it wants no more messages."""
RETRY_SECONDS = 1.0
"""How long to wait before asking Redis again when it is away."""
FIRST_SECONDS = 5.0
"""Maximum time of a first attempt; a slow receiver gets `webhook_seconds` at the later ones."""

_MINUTE, _HOUR = 60, 3600
DELAYS = (5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 9 * _HOUR)
"""Seconds to wait after each failed attempt: eight attempts in a day."""
_JITTER = 0.1
"""The share by which a delay varies, so that a receiver that comes back is not overrun."""

log = logging.getLogger(__name__)


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature `v1,…` by a secret of the form `whsec_…` (base64)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    digest = hmac.digest(key, signed, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


@dataclass(frozen=True, slots=True)
class Message:
    """The message about a job or a batch; every attempt sends it under the same id."""

    key: str
    id: str
    client: str
    host: str
    url: str
    secret: str | None
    body: bytes
    attempt: int
    """Attempts before this one."""

    @classmethod
    def about(cls, key: str, record: Mapping[str, str]) -> "Message":
        """Create the message about the job or the batch with this record."""
        ref = Ref.of(key)
        callback = json.loads(record["callback"])
        data: dict[str, Any] = {"id": ref.id, "state": record["state"]}
        if ref.kind is RecordKind.BATCH:
            data["counts"] = json.loads(record["counts"])
        else:
            data["task"] = record["task"]
        if "error" in record:
            data["error"] = json.loads(record["error"])
        body = {
            "type": f"{ref.kind.value}.{record['state']}",
            "timestamp": datetime.fromtimestamp(float(record["finished_at"]), UTC).isoformat(),
            "data": data,
        }
        return cls(
            key=key,
            id=f"msg_{ref.id}",
            client=record.get("client", ""),
            host=record.get("callback_host", ""),
            url=callback["url"],
            secret=callback.get("secret"),
            body=json.dumps(body, ensure_ascii=False).encode(),
            attempt=int(record.get("callback_attempts", 0)),
        )

    def headers(self, timestamp: int) -> dict[str, str]:
        """Return the header fields, with a signature if the client gave a secret."""
        headers = {
            "content-type": "application/json",
            "user-agent": "dragoman",
            "webhook-id": self.id,
            "webhook-timestamp": str(timestamp),
        }
        if self.secret is not None:
            headers["webhook-signature"] = sign(self.secret, self.id, timestamp, self.body)
        return headers


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """The outcome of an attempt. `delay` is the seconds until the next one, None if there is none."""

    state: CallbackState
    answer: str
    delay: float | None = None


class Courier:
    """Delivers what is due, many at a time. Any number of couriers may run."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._redis = redis.asyncio.Redis.from_url(
            settings.redis_url, decode_responses=True, socket_connect_timeout=3
        )
        self._claim = self._redis.register_script(load("claim_webhook"))
        self._settle = self._redis.register_script(load("settle_webhook"))
        self._web = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=MAX_DELIVERIES,
            max_keepalive_connections=0,
            network_backend=PublicBackend(settings.webhook_allow, MAX_DELIVERIES),
        )
        self._clients: Counter[str] = Counter()
        self._hosts: Counter[str] = Counter()

    async def run(self) -> None:
        """Deliver until cancelled."""
        async with self._redis, self._web:
            while True:
                try:
                    await self._work()
                except* RedisError as errors:
                    log.warning("Webhooks wait: %s", errors.exceptions[0])
                    await asyncio.sleep(RETRY_SECONDS)

    async def _work(self) -> None:
        free = asyncio.Semaphore(MAX_DELIVERIES)
        async with (
            self._redis.pubsub(ignore_subscribe_messages=True) as channel,
            asyncio.TaskGroup() as deliveries,
        ):
            await channel.subscribe(WEBHOOKS)
            while True:
                await free.acquire()
                seconds, message = await self._next()
                if message is None:
                    free.release()
                    await channel.get_message(timeout=seconds)
                else:
                    self._clients[message.client] += 1
                    self._hosts[message.host] += 1
                    delivery = deliveries.create_task(self._deliver(message))
                    delivery.add_done_callback(lambda _: free.release())

    async def _next(self) -> tuple[float, Message | None]:
        """Claim a message that is due; or return the seconds to wait for one."""
        clients = [name for name, n in self._clients.items() if n >= MAX_PER_CLIENT]
        hosts = [name for name, n in self._hosts.items() if n >= MAX_PER_HOST]
        # The claim outlasts the attempt: afterwards the message is due again.
        claim_seconds = 2 * self._settings.webhook_seconds
        reply: list[Any] = await self._claim(
            args=[claim_seconds, PUT_OFF_SECONDS, len(hosts), *hosts, *clients]
        )
        if len(reply) == 1:
            return min(float(reply[0]), self._settings.keepalive_seconds), None
        _, key, flat = reply
        if not flat:  # the retention of the job is over
            await self._redis.zrem(WEBHOOKS, key)
            return 0, None
        try:
            return 0, Message.about(key, dict(zip(flat[::2], flat[1::2], strict=True)))
        except (LookupError, TypeError, ValueError):
            log.exception("%s: the record is damaged, its webhook is given up", key)
            await self._record(
                key, AttemptOutcome(CallbackState.FAILED, "the job's record is damaged")
            )
            return 0, None

    async def _deliver(self, message: Message) -> None:
        """Make one attempt and record its outcome; never raises, so that it stops no other."""
        try:
            outcome = await self._attempt(message)
        except Exception as error:
            log.exception("%s, attempt %d", message.id, message.attempt + 1)
            outcome = _again(message, f"internal error: {type(error).__name__}")
        finally:
            self._clients -= Counter([message.client])
            self._hosts -= Counter([message.host])
        log.info("%s, attempt %d: %s", message.id, message.attempt + 1, outcome.answer)
        try:
            await self._record(message.key, outcome)
        except RedisError as error:
            # The claim expires, and the message is delivered again.
            log.warning("The outcome of %s was not recorded: %s", message.id, error)

    async def _record(self, key: str, outcome: AttemptOutcome) -> None:
        delay = "" if outcome.delay is None else outcome.delay
        await self._settle(keys=[key], args=[outcome.state.value, outcome.answer, delay])

    async def _attempt(self, message: Message) -> AttemptOutcome:
        seconds: float = self._settings.webhook_seconds
        if message.attempt == 0:
            seconds = min(seconds, FIRST_SECONDS)
        try:
            async with asyncio.timeout(seconds):
                status = await self._post(message)
        except NotPublic as error:
            return AttemptOutcome(CallbackState.FAILED, error.detail)
        except TimeoutError:
            return _again(message, f"no answer in {seconds:.0f} s")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            return _again(message, f"{type(error).__name__}: {error}")
        if 200 <= status < 300:
            return AttemptOutcome(CallbackState.DELIVERED, str(status))
        if status == GONE:
            return AttemptOutcome(CallbackState.FAILED, "410: the receiver wants no more messages")
        return _again(message, str(status))

    async def _post(self, message: Message) -> int:
        """Return the status of the answer. Redirects are not followed, the body is not read."""
        headers = [(n.encode(), v.encode()) for n, v in message.headers(int(time())).items()]
        async with self._web.stream(
            "POST", message.url, headers=headers, content=message.body
        ) as response:
            return int(response.status)


def _again(message: Message, answer: str) -> AttemptOutcome:
    if message.attempt >= len(DELAYS):
        return AttemptOutcome(CallbackState.FAILED, answer)
    delay = DELAYS[message.attempt] * random.uniform(1 - _JITTER, 1 + _JITTER)
    return AttemptOutcome(CallbackState.WAITING, answer, delay)
