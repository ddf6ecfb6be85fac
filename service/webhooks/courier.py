"""Tells callers that their jobs have ended: signed, tried for a day, at least once each.

What is to be told stands in a sorted set in Redis by the time it is due; the script that ends a job
puts it there. A courier claims what is due by moving it a minute on, so that what a killed courier
had is due again. The message is small and has no text of an article in it: whoever gets it fetches
the job with his key. Form and signature are those of Standard Webhooks
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
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import time
from typing import Any

import httpcore
import redis.asyncio
from redis import RedisError

from service.jobs.job import CallbackState, Ref
from service.jobs.scripts import CLOCK, WEBHOOKS
from service.settings import Settings
from service.webhooks.addresses import NotOutward, OutwardBackend

AT_ONCE = 16
"""Receivers that may be slow at a time."""
GONE = 410
"""The status by which a receiver says that it wants no more."""
RETRY_SECONDS = 1.0
"""How long to wait before asking Redis again, when it is away."""

_MINUTE, _HOUR = 60, 3600
DELAYS = (5, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, 9 * _HOUR)
"""How long to wait after each attempt that failed, in seconds: eight attempts in a day."""
_JITTER = 0.1
"""The share by which a delay varies, so that a receiver that comes back is not run over."""

# Gives the seconds until something is due, and, if that is now, the record and a claim on it.
_CLAIM = f"""{CLOCK}
local first = redis.call('ZRANGE', '{WEBHOOKS}', 0, 0, 'WITHSCORES')
if not first[1] then return {{'inf'}} end
local seconds = first[2] - now
if seconds > 0 then return {{tostring(seconds)}} end
redis.call('ZADD', '{WEBHOOKS}', stamp(now + ARGV[1]), first[1])
return {{'0', first[1], redis.call('HGETALL', first[1])}}
"""

# A record that was deleted meanwhile stays so.
_SETTLE = f"""{CLOCK}
if redis.call('EXISTS', KEYS[1]) == 0 then return redis.call('ZREM', '{WEBHOOKS}', KEYS[1]) end
redis.call('HINCRBY', KEYS[1], 'callback_attempts', 1)
redis.call('HSET', KEYS[1], 'callback_state', ARGV[1], 'callback_answer', ARGV[2])
if ARGV[3] == '' then
  redis.call('ZREM', '{WEBHOOKS}', KEYS[1])
else
  redis.call('ZADD', '{WEBHOOKS}', stamp(now + ARGV[3]), KEYS[1])
end
"""

log = logging.getLogger(__name__)


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature `v1,…` by a secret of the form `whsec_…` (base64)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    digest = hmac.digest(key, signed, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


@dataclass(frozen=True, slots=True)
class Message:
    """What is told about a job, each time under the same id."""

    key: str
    id: str
    url: str
    secret: str | None
    body: bytes
    attempt: int

    @classmethod
    def about(cls, key: str, record: Mapping[str, str]) -> "Message":
        """The message about the ended job whose record it is."""
        job_id = Ref.of(key).id
        callback = json.loads(record["callback"])
        data = {"id": job_id, "task": record["task"], "state": record["state"]}
        if "error" in record:
            data["error"] = json.loads(record["error"])
        body = {
            "type": f"job.{record['state']}",
            "timestamp": datetime.fromtimestamp(float(record["finished_at"]), UTC).isoformat(),
            "data": data,
        }
        return cls(
            key=key,
            id=f"msg_{job_id}",
            url=callback["url"],
            secret=callback.get("secret"),
            body=json.dumps(body, ensure_ascii=False).encode(),
            attempt=int(record.get("callback_attempts", 0)),
        )

    def headers(self, timestamp: int) -> dict[str, str]:
        """The header fields, signed if the caller gave a secret."""
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
class Outcome:
    """What an attempt came to; `delay` is in seconds, None where there is no further one."""

    state: CallbackState
    answer: str
    delay: float | None = None


class Courier:
    """Delivers what is due, many at a time; any number of couriers may run."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._redis = redis.asyncio.Redis.from_url(
            settings.redis_url, decode_responses=True, socket_connect_timeout=3
        )
        self._claim = self._redis.register_script(_CLAIM)
        self._settle = self._redis.register_script(_SETTLE)
        self._web = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_keepalive_connections=0,
            network_backend=OutwardBackend(settings.webhook_allow),
        )

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            try:
                await self._work()
            except* RedisError as errors:
                log.warning("Webhooks wait: %s", errors.exceptions[0])
                await asyncio.sleep(RETRY_SECONDS)

    async def _work(self) -> None:
        free = asyncio.Semaphore(AT_ONCE)
        async with (
            self._redis.pubsub(ignore_subscribe_messages=True) as news,
            asyncio.TaskGroup() as deliveries,
        ):
            await news.subscribe(WEBHOOKS)
            while True:
                await free.acquire()
                seconds, message = await self._next()
                if message is None:
                    free.release()
                    await news.get_message(timeout=seconds)
                else:
                    delivery = deliveries.create_task(self._deliver(message))
                    delivery.add_done_callback(lambda _: free.release())

    async def _next(self) -> tuple[float, Message | None]:
        """A message that is due, claimed; or how long to wait for one."""
        # Past the claim the message is another's; an attempt is over by then.
        reply: list[Any] = await self._claim(args=[2 * self._settings.webhook_seconds])
        if len(reply) == 1:
            return min(float(reply[0]), self._settings.keepalive_seconds), None
        _, key, flat = reply
        if not flat:  # the job's retention has passed
            await self._redis.zrem(WEBHOOKS, key)
            return 0, None
        try:
            return 0, Message.about(key, dict(zip(flat[::2], flat[1::2], strict=True)))
        except (LookupError, ValueError):
            log.exception("%s: the record is damaged, its webhook is given up", key)
            await self._record(key, Outcome(CallbackState.FAILED, "the job's record is damaged"))
            return 0, None

    async def _deliver(self, message: Message) -> None:
        """Make one attempt and record its outcome; never raises, so that no delivery stops others."""
        try:
            outcome = await self._attempt(message)
        except Exception as error:
            log.exception("%s, attempt %d", message.id, message.attempt + 1)
            outcome = _again(message, f"internal error: {type(error).__name__}")
        log.info("%s, attempt %d: %s", message.id, message.attempt + 1, outcome.answer)
        try:
            await self._record(message.key, outcome)
        except RedisError as error:
            # The claim expires, and the message is delivered again.
            log.warning("The outcome of %s was not recorded: %s", message.id, error)

    async def _record(self, key: str, outcome: Outcome) -> None:
        delay = "" if outcome.delay is None else outcome.delay
        await self._settle(keys=[key], args=[outcome.state.value, outcome.answer, delay])

    async def _attempt(self, message: Message) -> Outcome:
        try:
            async with asyncio.timeout(self._settings.webhook_seconds):
                status = await self._post(message)
        except NotOutward as error:
            return Outcome(CallbackState.FAILED, error.detail)
        except TimeoutError:
            return _again(message, f"no answer in {self._settings.webhook_seconds} s")
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            return _again(message, f"{type(error).__name__}: {error}")
        if 200 <= status < 300:
            return Outcome(CallbackState.DELIVERED, str(status))
        if status == GONE:
            return Outcome(CallbackState.FAILED, "410: the receiver wants no more")
        return _again(message, str(status))

    async def _post(self, message: Message) -> int:
        """The status of the answer. Redirects are not followed, the body is not read."""
        headers = [(n.encode(), v.encode()) for n, v in message.headers(int(time())).items()]
        async with self._web.stream(
            "POST", message.url, headers=headers, content=message.body
        ) as response:
            return int(response.status)


def _again(message: Message, answer: str) -> Outcome:
    if message.attempt >= len(DELAYS):
        return Outcome(CallbackState.FAILED, answer)
    delay = DELAYS[message.attempt] * random.uniform(1 - _JITTER, 1 + _JITTER)
    return Outcome(CallbackState.WAITING, answer, delay)
