"""API keys: who calls, what he may do and how much. Kept in Redis, as hashes.

A key is `dragoman_<id>_<secret>`. The id finds its record; the secret has 256 random bits, so that a
single SHA-256 is as good as a slow hash: there is nothing to guess. The key itself is shown once,
when it is made.
"""

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, Field

from service.errors import KeyNotFound, Unauthorized

if TYPE_CHECKING:
    import redis

KEYS = "dragoman:keys"
"""A hash: each key's record as JSON, by the key's id."""

_KEY = re.compile(r"dragoman_([0-9a-f]{12})_([\w-]{43})", re.ASCII)


class Scope(StrEnum):
    """What a key allows."""

    TRANSLATE = "translate"
    SUMMARIZE = "summarize"
    BATCH = "batch"
    ADMIN = "admin"


class Limits(BaseModel):
    """How much a client may ask for; what is not given has no limit."""

    requests_per_minute: int | None = Field(None, gt=0)
    characters_per_minute: int | None = Field(None, gt=0)
    characters_per_month: int | None = Field(None, gt=0, description="A calendar month, in UTC.")
    in_flight: int | None = Field(None, gt=0, description="Jobs queued and running at a time.")


@dataclass(frozen=True, slots=True)
class Client:
    """Whoever calls: his jobs and his counts go by the name, which several keys can share."""

    name: str
    scopes: frozenset[Scope]
    limits: Limits = field(default_factory=Limits)


ANYONE = Client("anyone", frozenset(Scope))
"""The caller of a front that asks for no key."""


class Key(BaseModel):
    """A key's record: all but the key."""

    id: str
    client: str = Field(pattern=r"^[\w.-]{1,64}$")
    digest: str
    scopes: frozenset[Scope] = Field(min_length=1)
    limits: Limits
    created_at: datetime
    revoked_at: datetime | None = None


class KeyStore:
    """The records of keys. Every method raises `redis.RedisError` where Redis is away or full."""

    def __init__(self, client: "redis.Redis") -> None:
        self._redis = client

    def create(self, client: str, scopes: frozenset[Scope], limits: Limits) -> tuple[Key, str]:
        """A new key: its record, and the key itself, which cannot be had again."""
        secret = secrets.token_urlsafe(32)
        key = Key(
            id=secrets.token_hex(6),
            client=client,
            digest=_digest(secret),
            scopes=scopes,
            limits=limits,
            created_at=datetime.now(UTC),
        )
        self._write(key)
        return key, f"dragoman_{key.id}_{secret}"

    def all(self) -> list[Key]:
        """Every key ever made, the oldest first."""
        records = cast(dict[str, str], self._redis.hgetall(KEYS))
        return sorted(
            (Key.model_validate_json(record) for record in records.values()),
            key=lambda key: key.created_at,
        )

    def any_valid(self) -> bool:
        """Whether anyone at all could be let in."""
        return any(key.revoked_at is None for key in self.all())

    def revoke(self, key_id: str) -> Key:
        """Let the key in no more, from the next request on; KeyNotFound where there is none."""
        record = cast(str | None, self._redis.hget(KEYS, key_id))
        if record is None:
            raise KeyNotFound
        key = Key.model_validate_json(record)
        if key.revoked_at is None:
            key = key.model_copy(update={"revoked_at": datetime.now(UTC)})
            self._write(key)
        return key

    def client(self, given: str) -> Client:
        """Whose key it is; Unauthorized where it is nobody's, or is revoked."""
        parts = _KEY.fullmatch(given)
        record = cast(str | None, self._redis.hget(KEYS, parts.group(1))) if parts else None
        if parts is None or record is None:
            raise Unauthorized
        # Read without validation's cost: this is the way of every request.
        key = json.loads(record)
        if not hmac.compare_digest(key["digest"], _digest(parts.group(2))):
            raise Unauthorized
        if key["revoked_at"] is not None:
            raise Unauthorized("This API key was revoked: ask for another.")
        return Client(
            key["client"],
            frozenset(Scope(scope) for scope in key["scopes"]),
            Limits.model_construct(**key["limits"]),
        )

    def _write(self, key: Key) -> None:
        self._redis.hset(KEYS, key.id, key.model_dump_json())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
