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
from service.jobs.keys import Client
from service.jobs.pace import IN_FLIGHT

if TYPE_CHECKING:
    import redis

Unit = Literal["requests", "characters"]

_KEPT = timedelta(days=400)
"""How long a month's counts can be asked for: until the same month of the next year is over."""

# For scripts: spends in all windows or in none. The windows' keys are the last ones, their arguments
# (limit or 0, cost, seconds kept) the last ones too. Gives the first window (from 1) without room, or
# 0, and what is used of each.
SPEND = """
local function spend(first_key, first_argument)
  local used, short = {}, 0
  local function argument(i, n) return ARGV[first_argument + 3 * (i - 1) + n] end
  for i = 1, #KEYS - first_key + 1 do
    local limit, cost = tonumber(argument(i, 0)), tonumber(argument(i, 1))
    used[i] = tonumber(redis.call('GET', KEYS[first_key + i - 1]) or 0)
    if short == 0 and limit > 0 and used[i] + cost > limit then short = i end
  end
  if short == 0 then
    for i = 1, #used do
      used[i] = redis.call('INCRBY', KEYS[first_key + i - 1], argument(i, 1))
      redis.call('EXPIRE', KEYS[first_key + i - 1], argument(i, 2))
    end
  end
  return short, used
end
"""
_SPEND_ALONE = (
    SPEND
    + """
local short, used = spend(1, 1)
return {short, used}
"""
)


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
        self._spend = client.register_script(_SPEND_ALONE)

    def spend(self, client: Client, unit: Unit, cost: int) -> list[Window]:
        """Count the cost in the client's windows, all or none, and say where they stand.

        Raises QuotaExceeded where one has no room now, PayloadTooLarge where it never has.
        """
        windows = windows_of(client, unit)
        reply = self._spend(keys=[window.key for window in windows], args=arguments(windows, cost))
        short, used = cast(tuple[int, list[int]], reply)
        standing = counted(windows, used)
        if short:
            raise exceeded(standing[short - 1], cost)
        return standing

    def standing(self, client: Client) -> list[Window]:
        """All the client's windows, as they are."""
        windows = [*windows_of(client, "requests"), *windows_of(client, "characters")]
        counts = cast(list[str | None], self._redis.mget([window.key for window in windows]))
        return counted(windows, [int(count or 0) for count in counts])

    def in_flight(self, client: Client) -> int:
        """How many of the client's jobs are unfinished."""
        return int(cast(str | None, self._redis.hget(IN_FLIGHT, client.name)) or 0)


def arguments(windows: Sequence[Window], cost: int) -> list[int]:
    """What the script is told of the windows."""
    return [n for window in windows for n in (window.limit or 0, cost, window.kept)]


def counted(windows: Sequence[Window], used: Sequence[int]) -> list[Window]:
    """The windows with what the script says is used."""
    return [replace(window, used=n) for window, n in zip(windows, used, strict=True)]


def windows_of(client: Client, unit: Unit) -> tuple[Window, Window]:
    """The client's minute and month, as they begin."""
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


def exceeded(window: Window, cost: int) -> DragomanError:
    """QuotaExceeded where the window has no room for the cost now, PayloadTooLarge where it never has."""
    assert window.limit is not None
    allowed = f"Your key allows {window.limit:,} {window.name.replace('-', ' ')}"
    if cost > window.limit:
        return PayloadTooLarge(f"{allowed}; this request alone has {cost:,}: send it in parts.")
    return QuotaExceeded(
        f"{allowed}; {window.used:,} are used.", retry_after=window.left, fields=fields([window])
    )
