"""Quotas: how much each client has used of its limits, counted in Redis.

A window is a minute or a calendar month in UTC, so that the rest of it and its end can be stated exactly
in the `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers-10).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, cast

from models.errors import DragomanError
from service.errors import PayloadTooLarge, QuotaExceeded
from service.jobs.keys import Client
from service.jobs.scripts import IN_FLIGHT, load

if TYPE_CHECKING:
    import redis

Unit = Literal["requests", "characters"]

_KEPT = timedelta(days=400)
"""How long the counts of a month are kept: until the same month of the next year is over."""


@dataclass(frozen=True, slots=True)
class Window:
    """A period with a count; `limit` is None where it is only counted."""

    name: str
    unit: Unit
    limit: int | None
    key: str
    seconds: int
    """The length of the period."""
    left: int
    """Seconds until the next period begins."""
    kept: int
    """Seconds that the count is kept."""
    used: int = 0


def fields(windows: Sequence[Window]) -> dict[str, str]:
    """Return the header fields that state the windows; none where no window has a limit."""
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
    """The counts of all clients. All methods raise `redis.RedisError` where Redis is away or full."""

    def __init__(self, client: "redis.Redis") -> None:
        self._redis = client
        self._spend = client.register_script(load("spend_quota"))

    def spend(self, client: Client, unit: Unit, cost: int) -> list[Window]:
        """Count a cost in all of the client's windows, or in none, and return the windows.

        Raises QuotaExceeded where a limit does not allow it now, PayloadTooLarge where it never does.
        """
        windows = windows_of(client, unit)
        reply = self._spend(keys=[window.key for window in windows], args=arguments(windows, cost))
        short, used = cast(tuple[int, list[int]], reply)
        standing = counted(windows, used)
        if short:
            raise exceeded(standing[short - 1], cost)
        return standing

    def standing(self, client: Client) -> list[Window]:
        """Return all windows of the client."""
        windows = [*windows_of(client, "requests"), *windows_of(client, "characters")]
        counts = cast(list[str | None], self._redis.mget([window.key for window in windows]))
        return counted(windows, [int(count or 0) for count in counts])

    def in_flight(self, client: Client) -> int:
        """Return the number of the client's unfinished jobs."""
        return int(cast(str | None, self._redis.hget(IN_FLIGHT, client.name)) or 0)


def arguments(windows: Sequence[Window], cost: int) -> list[int]:
    """Return the arguments of the scripts that spend in the windows."""
    return [n for window in windows for n in (window.limit or 0, cost, window.kept)]


def counted(windows: Sequence[Window], used: Sequence[int]) -> list[Window]:
    """Return the windows with the counts that a script returned."""
    return [replace(window, used=n) for window, n in zip(windows, used, strict=True)]


def windows_of(client: Client, unit: Unit) -> tuple[Window, Window]:
    """Return the client's windows of the current minute and month."""
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
            # With the name: the first minute of a month begins when the month does.
            key=f"dragoman:used:{client.name}:{unit}-per-{name}:{start.isoformat()}",
            seconds=int((end - start).total_seconds()),
            # Rounded up: a retry at that time falls into the next window.
            left=int((end - now).total_seconds()) + 1,
            kept=int(kept.total_seconds()),
        )

    minute_end = minute + timedelta(minutes=1)
    return (
        window("minute", a_minute, minute, minute_end, timedelta(minutes=2)),
        window("month", a_month, month, next_month, _KEPT),
    )


def exceeded(window: Window, cost: int) -> DragomanError:
    """Return QuotaExceeded, or PayloadTooLarge where the cost alone is over the limit of the window."""
    assert window.limit is not None
    allowed = f"Your key allows {window.limit:,} {window.name.replace('-', ' ')}"
    if cost > window.limit:
        return PayloadTooLarge(f"{allowed}; this request alone has {cost:,}: send it in parts.")
    return QuotaExceeded(
        f"{allowed}; {window.used:,} are used.",
        retry_after=window.left,
        fields=fields([window]),
        window=window.name,
    )
