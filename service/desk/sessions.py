"""Sessions of the desk: a browser signs in with a key once, and from then on sends a cookie.

A session is kept in Redis under the digest of its token, and names the key: it ends with the key.
"""

import hashlib
import secrets
from typing import TYPE_CHECKING, cast

from service.errors import Unauthorized
from service.jobs.keys import Client, KeyStore

if TYPE_CHECKING:
    import redis

COOKIE = "dragoman_session"
"""The cookie with the token of a session."""


class Sessions:
    """The open sessions. All methods raise `redis.RedisError` where Redis is away or full."""

    def __init__(self, client: "redis.Redis", keys: KeyStore, seconds: int) -> None:
        """A session ends `seconds` after it was opened."""
        self.seconds = seconds
        self._redis = client
        self._keys = keys

    def open(self, key: str) -> str:
        """Open a session; return its token, which is not stored. Raises Unauthorized."""
        self._keys.client(key)
        token = secrets.token_urlsafe(32)
        self._redis.set(_name(token), KeyStore.id_of(key), ex=self.seconds)
        return token

    def client(self, token: str) -> Client:
        """Return the client of a session; raise Unauthorized where it has ended or its key is revoked."""
        key_id = cast(str | None, self._redis.get(_name(token)))
        if key_id is None:
            raise Unauthorized("The session has ended: sign in again.")
        return self._keys.client_of(key_id)

    def close(self, token: str) -> None:
        """End a session."""
        self._redis.delete(_name(token))


def _name(token: str) -> str:
    return f"dragoman:session:{hashlib.sha256(token.encode()).hexdigest()}"
