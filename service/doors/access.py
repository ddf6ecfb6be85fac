"""Who calls a door: each has its own way to send a key, so the front's guard leaves it to the door."""

from dataclasses import dataclass

from service.jobs.keys import ANYONE, Client, KeyStore
from service.jobs.quotas import Quotas
from service.jobs.scopes import Scope


@dataclass(frozen=True, slots=True)
class Access:
    """The keys and quotas that a door checks; without `keys` anyone may call."""

    keys: KeyStore | None
    quotas: Quotas

    def client(self, key: str | None, scope: Scope) -> Client:
        """The client of a key that has the scope; counts the request.

        Raises Unauthorized, Forbidden or QuotaExceeded, and `redis.RedisError` where Redis is away.
        """
        if self.keys is None:
            return ANYONE
        client = self.keys.client((key or "").strip())
        self.quotas.spend(client, "requests", 1)
        client.require(scope)
        return client
