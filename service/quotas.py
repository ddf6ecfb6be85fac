"""What each client has used of what he may ask for, counted in Redis.

A window is a minute or a calendar month in UTC, so that what is left of it, and when the next one
begins, can be said exactly in the `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers-10).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, cast

from models.errors import DragomanError
from service.errors import PayloadTooLarge, QuotaExceeded
from service.keys import Client

if TYPE_CHECKING:
    import redis

Unit = Literal["requests", "characters"]

_KEPT = timedelta(days=400)
"""How long a month's counts can be asked for: until the same month of the next year is over."""

# Spends in all windows or in none. Gives the first one (from 1) without room, or 0, and what is used.
_SPEND = """
local used, short = {}, 0
for i, key in ipairs(KEYS) do
  local limit, cost = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1])
  used[i] = tonumber(redis.call('GET', key) or 0)
  if short == 0 and limit > 0 and used[i] + cost > limit then short = i end
end
if short == 0 then
  for i, key in ipairs(KEYS) do
    used[i] = redis.call('INCRBY', key, ARGV[3 * i - 1])
    redis.call('EXPIRE', key, ARGV[3 * i])
  end
end
return {short, used}
"""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time with a count; `limit` is None where it is only counted."""

    name: str
    unit: Unit
    limit: int | None
    key: str
    seconds: int
    """How long the whole of it is."""
    left: int
    """In how many seconds the next one begins."""
    kept: int
    """For how many seconds its count is kept."""
    used: int = 0


def fields(windows: Sequence[Window]) -> dict[str, str]:
    """The header fields that say how the windows stand; none where none has a limit."""
    policies, standings = [], []
    for window in windows:
        if window.limit is not None:
            policies.append(
                f'"{window.name}";q={window.limit};w={window.seconds};qu="{window.unit}"'
            )
            standings.append(f'"{window.name}";r={window.limit - window.used};t={window.left}')
    if not policies:
        return {}
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(standings)}


class Quotas:
    """The counts of all clients. Methods raise `redis.RedisError` where Redis is away or full."""

    def __init__(self, client: "redis.Redis") -> None:
        self._redis = client
        self._spend = client.register_script(_SPEND)

    def spend(self, client: Client, unit: Unit, cost: int) -> list[Window]:
        """Count the cost in the client's windows, all or none, and say where they stand.

        Raises QuotaExceeded where one has no room now, PayloadTooLarge where it never has.
        """
        windows = _windows(client, unit)
        arguments = [(window.limit or 0, cost, window.kept) for window in windows]
        short, used = cast(
            tuple[int, list[int]],
            self._spend(
                keys=[window.key for window in windows],
                args=[value for triple in arguments for value in triple],
            ),
        )
        standing = _used(windows, used)
        if short:
            raise _exceeded(standing[short - 1], cost)
        return standing

    def standing(self, client: Client) -> list[Window]:
        """All the client's windows, as they are."""
        windows = [*_windows(client, "requests"), *_windows(client, "characters")]
        counts = cast(list[str | None], self._redis.mget([window.key for window in windows]))
        return _used(windows, [int(count or 0) for count in counts])


def _used(windows: Sequence[Window], used: Sequence[int]) -> list[Window]:
    return [replace(window, used=n) for window, n in zip(windows, used, strict=True)]


def _windows(client: Client, unit: Unit) -> tuple[Window, Window]:
    now = datetime.now(UTC)
    minute = now.replace(second=0, microsecond=0)
    month = minute.replace(day=1, hour=0, minute=0)
    next_month = (month + timedelta(days=31)).replace(day=1)
    limits = client.limits
    a_minute, a_month = (
        (limits.requests_per_minute, None)
        if unit == "requests"
        else (limits.characters_per_minute, limits.characters_per_month)
    )

    def window(
        name: str, limit: int | None, start: datetime, end: datetime, kept: timedelta
    ) -> Window:
        return Window(
            name=f"{unit}-per-{name}",
            unit=unit,
            limit=limit,
            key=f"dragoman:used:{client.name}:{unit}:{start.isoformat()}",
            seconds=int((end - start).total_seconds()),
            # Rounded up: who comes back then finds the new window.
            left=int((end - now).total_seconds()) + 1,
            kept=int(kept.total_seconds()),
        )

    minute_end = minute + timedelta(minutes=1)
    return (
        window("minute", a_minute, minute, minute_end, timedelta(minutes=2)),
        window("month", a_month, month, next_month, _KEPT),
    )


def _exceeded(window: Window, cost: int) -> DragomanError:
    assert window.limit is not None
    allowed = f"Your key allows {window.limit:,} {window.name.replace('-', ' ')}"
    if cost > window.limit:
        return PayloadTooLarge(f"{allowed}; this request alone has {cost:,}: send it in parts.")
    return QuotaExceeded(
        f"{allowed}; {window.used:,} are used.", retry_after=window.left, fields=fields([window])
    )
