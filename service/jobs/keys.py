"""API keys: the clients, their scopes and their limits. Kept in Redis, as digests.

A key is `dragoman_<id>_<secret>`. The id finds its record; the secret has 256 random bits, so that a
single SHA-256 is as good as a slow hash. The key itself is shown once, when it is created.
"""

import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, Field

from pipeline.requests import SummaryRequest
from service.errors import Forbidden, KeyNotFound, Unauthorized
from service.jobs.scopes import INCLUDED, Scope

if TYPE_CHECKING:
    import redis

KEYS = "dragoman:keys"
"""The hash that holds the record of each key as JSON, by the id of the key."""

_KEY = re.compile(r"dragoman_([0-9a-f]{12})_([\w-]{43})", re.ASCII)


class Limits(BaseModel):
    """The limits of a client; None is no limit."""

    requests_per_minute: int | None = Field(None, gt=0)
    characters_per_minute: int | None = Field(None, gt=0)
    characters_per_month: int | None = Field(None, gt=0, description="In a calendar month, in UTC.")
    in_flight: int | None = Field(None, gt=0, description="Unfinished jobs at a time.")


@dataclass(frozen=True, slots=True)
class Client:
    """A caller. Its keys share a name, and with it jobs and quotas."""

    name: str
    scopes: frozenset[Scope]
    limits: Limits = field(default_factory=Limits)

    def may(self, scope: Scope) -> bool:
        """Return whether the client's key has the scope, or one that includes it."""
        return any(scope is own or scope in INCLUDED.get(own, ()) for own in self.scopes)

    def require(self, scope: Scope) -> None:
        """Raise Forbidden where the client's key does not have the scope."""
        if not self.may(scope):
            raise Forbidden(f"Your API key does not have the scope `{scope}`.")

    def require_for_summary(self, summary: SummaryRequest) -> None:
        """Raise Forbidden unless the client may have the summary; in another language it is a translation."""
        self.require(Scope.SUMMARIZE)
        if summary.target != summary.source:
            self.require(Scope.TRANSLATE)


ANYONE = Client("anyone", frozenset(Scope))
"""The client of every request to a front that requires no keys."""


class Key(BaseModel):
    """The record of a key: everything but the secret."""

    id: str
    client: str = Field(pattern=r"^[\w.-]{1,64}$")
    digest: str
    scopes: frozenset[Scope] = Field(min_length=1)
    limits: Limits
    created_at: datetime
    revoked_at: datetime | None = None


class KeyStore:
    """The records of keys. All methods raise `redis.RedisError` where Redis is away or full."""

    def __init__(self, client: "redis.Redis") -> None:
        self._redis = client

    def create(self, client: str, scopes: frozenset[Scope], limits: Limits) -> tuple[Key, str]:
        """Create a key; return its record and the key itself, which is not stored."""
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
        """Return all keys, also revoked ones, the oldest first."""
        records = cast(dict[str, str], self._redis.hgetall(KEYS))
        return sorted(
            (Key.model_validate_json(record) for record in records.values()),
            key=lambda key: key.created_at,
        )

    def any_valid(self) -> bool:
        """Return whether there is a key that is not revoked."""
        return any(key.revoked_at is None for key in self.all())

    def revoke(self, key_id: str) -> Key:
        """Revoke a key from the next request on; raise KeyNotFound where there is none."""
        record = cast(str | None, self._redis.hget(KEYS, key_id))
        if record is None:
            raise KeyNotFound
        key = Key.model_validate_json(record)
        if key.revoked_at is None:
            key = key.model_copy(update={"revoked_at": datetime.now(UTC)})
            self._write(key)
        return key

    def client(self, given: str) -> Client:
        """Return the client of a key; raise Unauthorized where the key is invalid or revoked."""
        parts = _KEY.fullmatch(given)
        if parts is None:
            raise Unauthorized
        return self._client(parts.group(1), _digest(parts.group(2)))

    def client_of(self, key_id: str) -> Client:
        """Return the client of the key of this id; raise Unauthorized where it is revoked."""
        return self._client(key_id, None)

    @staticmethod
    def id_of(given: str) -> str:
        """Return the id of a key, which is part of it; raise Unauthorized where it is no key."""
        parts = _KEY.fullmatch(given)
        if parts is None:
            raise Unauthorized
        return parts.group(1)

    def _client(self, key_id: str, digest: str | None) -> Client:
        """Return the client of a key, which must have the digest if one is given."""
        record = cast(str | None, self._redis.hget(KEYS, key_id))
        if record is None:
            raise Unauthorized
        # Without the cost of validation: this runs for every request.
        key = json.loads(record)
        if digest is not None and not hmac.compare_digest(key["digest"], digest):
            raise Unauthorized
        if key["revoked_at"] is not None:
            raise Unauthorized("This API key was revoked. Ask the operator for another.")
        return Client(
            key["client"],
            frozenset(Scope(scope) for scope in key["scopes"]),
            Limits.model_construct(**key["limits"]),
        )

    def _write(self, key: Key) -> None:
        self._redis.hset(KEYS, key.id, key.model_dump_json())


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()
