"""Records that workers hold by a lease: what jobs, and whatever else is worked on, have in common.

A record is a hash in Redis; every change is one script, and so atomic, on Redis's own clock: the
clocks of the machines do not matter. The record is the truth, a message only a hint that there is
work: one that comes twice, or too late, finds nothing to do, and `reap` finds records that have none.

A worker holds a record by a lease with a fencing number (Kleppmann, "How to do distributed locking",
2016): each lease raises the number, and a write with an older one is refused. A worker renews its
lease while it works; a record whose lease has run out goes back to its queue, or fails when its
attempts are used up. Two kinds of sorted set say what is unfinished: `RUNNING`, by the end of the
lease, and one a queue, by the time of the last message. Every change is published on the record's
key, so that a waiting caller need not poll.

The scripts name keys that are not passed to them: one Redis, not a cluster.
"""

import json
from dataclasses import dataclass
from typing import cast

import redis

from service import load
from service.errors import LeaseLost, TooManyAttempts, problem
from service.jobs import JobState, Queue, Ref
from service.settings import Settings

FINISHED = "dragoman:finished"
"""A hash that counts ended records, by `task:state`."""
ALIVE = "dragoman:alive"
"""A hash: when a worker last took, advanced or ended a record, by queue."""
RUNNING = "dragoman:running"
"""A sorted set of the keys of leased records, by the end of their lease."""
WEBHOOKS = "dragoman:webhooks"
"""A sorted set of the keys of ended records that somebody is to be told of, by when it is due; and the
channel on which a new one is announced."""
GONE = "dragoman:gone:"
"""The start of the key that says whose a deleted record was."""
WAITING = "dragoman:waiting:"
"""The start of a queue's sorted set: the keys of queued records, by the time of their message."""
REAPER = "dragoman:reaper"
"""The lock of the one active reaper; its value is who that is."""
REAP_AT_ONCE = 100
"""Records that one `reap` looks at, so that Redis never stands still for long."""

# What every script begins with; `service.admission` has one more.
PRELUDE = f"""
local RUNNING, WAITING = '{RUNNING}', '{WAITING}'
local WEBHOOKS, GONE = '{WEBHOOKS}', '{GONE}'
local t = redis.call('TIME')
local now = t[1] + t[2] / 1e6
local key = KEYS[1]

local function stamp(at) return string.format('%.6f', at) end
{load.LUA}
local function sign_of_life(key)
  redis.call('HSET', '{ALIVE}', redis.call('HGET', key, 'queue'), stamp(now))
end

-- What happens whenever a record comes to wait for a message.
local function queued(key)
  redis.call('HSET', key, 'state', 'queued')
  redis.call('ZREM', RUNNING, key)
  redis.call('ZADD', WAITING .. redis.call('HGET', key, 'queue'), stamp(now), key)
  redis.call('PUBLISH', key, 'queued')
end

-- What happens whenever an unfinished record is no longer to be worked on.
local function closed(key, state)
  local record = redis.call('HMGET', key, 'task', 'queue')
  redis.call('ZREM', RUNNING, key)
  redis.call('ZREM', WAITING .. record[2], key)
  weigh_off(key, record[2])
  redis.call('HINCRBY', '{FINISHED}', record[1] .. ':' .. state, 1)
end

-- What happens whenever a record ends in a result or an error, once a record. Its request is of no
-- more use; what is left is kept for the retention.
local function ended(key, state, field, value, retention)
  closed(key, state)
  count_pace(key, redis.call('HGET', key, 'queue'))
  redis.call('HSET', key, 'state', state, field, value, 'finished_at', stamp(now))
  redis.call('HDEL', key, 'request')
  redis.call('EXPIRE', key, retention)
  redis.call('PUBLISH', key, state)
  if redis.call('HEXISTS', key, 'callback') == 1 then
    redis.call('ZADD', WEBHOOKS, stamp(now), key)
    redis.call('PUBLISH', WEBHOOKS, key)
  end
end

-- Whether the record may be tried again; it fails here, with the last error's text, if not.
local function another_attempt(key, most, exhausted, retention)
  local record = redis.call('HMGET', key, 'attempts', 'last_error')
  if tonumber(record[1]) < tonumber(most) then return true end
  local problem = cjson.decode(exhausted)
  if record[2] then problem.detail = problem.detail .. ' The last time: ' .. record[2] end
  ended(key, 'failed', 'error', cjson.encode(problem), retention)
  return false
end

local function held(key, fence)
  local record = redis.call('HMGET', key, 'state', 'fence')
  return record[1] == 'running' and record[2] == fence
end

local function extend(key, seconds)
  redis.call('ZADD', RUNNING, stamp(now + seconds), key)
end
"""

# A full Redis refuses what the front would add; what workers write is let in over the limit, or
# nothing would ever get finished and leave.
_WORKERS = "#!lua flags=allow-oom\n" + PRELUDE

# A new record; the script around it is told `task`, `queue` and `request` first.
CREATE = """
redis.call('HSET', key, 'task', ARGV[1], 'queue', ARGV[2], 'request', ARGV[3],
  'created_at', stamp(now), 'done', 0, 'total', 0, 'attempts', 0, 'fence', 0)
queued(key)
"""

# A hash without a state is a record that was deleted: every script checks it first.
_LEASE = (
    _WORKERS
    + """
local seconds, holder = ARGV[1], ARGV[2]
local state = redis.call('HGET', key, 'state')
if state == 'running' then
  if tonumber(redis.call('ZSCORE', RUNNING, key)) > now then return {'busy'} end
elseif state ~= 'queued' then
  return {'nothing'}
end
if not another_attempt(key, ARGV[3], ARGV[4], ARGV[5]) then return {'nothing'} end
redis.call('HINCRBY', key, 'attempts', 1)
redis.call('HSETNX', key, 'started_at', stamp(now))
redis.call('HSET', key, 'state', 'running', 'holder', holder)
local record = redis.call('HMGET', key, 'queue', 'task', 'request')
redis.call('ZREM', WAITING .. record[1], key)
extend(key, seconds)
sign_of_life(key)
redis.call('PUBLISH', key, 'running')
return {'leased', tostring(redis.call('HINCRBY', key, 'fence', 1)), record[1], record[2], record[3]}
"""
)

_RENEW = (
    _WORKERS
    + """
if not held(key, ARGV[1]) then return 0 end
extend(key, ARGV[2])
return 1
"""
)

_PROGRESS = (
    _WORKERS
    + """
if not held(key, ARGV[1]) then return 0 end
extend(key, ARGV[2])
sign_of_life(key)
redis.call('HSET', key, 'done', ARGV[3], 'total', ARGV[4])
redis.call('PUBLISH', key, 'running')
return 1
"""
)

_END = (
    _WORKERS
    + """
if not held(key, ARGV[1]) then return 0 end
sign_of_life(key)
ended(key, ARGV[2], ARGV[3], ARGV[4], ARGV[5])
return 1
"""
)

_GIVE_BACK = (
    _WORKERS
    + """
if not held(key, ARGV[1]) then return {'lost'} end
if ARGV[2] == '' then
  redis.call('HINCRBY', key, 'attempts', -1)
else
  redis.call('HSET', key, 'last_error', ARGV[2])
end
if not another_attempt(key, ARGV[3], ARGV[4], ARGV[5]) then return {'ended'} end
queued(key)
return {'queued'}
"""
)

_HOLDER_DIED = (
    _WORKERS
    + """
local record = redis.call('HMGET', key, 'state', 'holder')
if record[1] == 'running' and record[2] == ARGV[1] then
  redis.call('HSET', key, 'last_error', ARGV[2])
  extend(key, 0)
end
"""
)

_DELETE = (
    _WORKERS
    + """
local state = redis.call('HGET', key, 'state')
if not state then return 0 end
if state == 'queued' or state == 'running' then closed(key, 'cancelled') end
local client = redis.call('HGET', key, 'client')
if client then
  redis.call('SET', GONE .. string.match(key, '[^:]+$'), client, 'EX', ARGV[1])
end
redis.call('DEL', key)
redis.call('ZREM', WEBHOOKS, key)
redis.call('PUBLISH', key, 'deleted')
return 1
"""
)

# A queue is first in, first out. So a record that was queued before the one whose message is next
# has no message; and none has, where the queue is empty.
_REAP = (
    _WORKERS
    + """
local me, lock_ms, grace, most, exhausted, retention, limit = unpack(ARGV)
local owner = redis.call('GET', key)
if owner and owner ~= me then return {} end
redis.call('SET', key, me, 'PX', lock_ms)

local orphans = {}
for _, one in ipairs(redis.call('ZRANGEBYSCORE', RUNNING, '-inf', now, 'LIMIT', 0, limit)) do
  if not redis.call('HGET', one, 'state') then
    redis.call('ZREM', RUNNING, one)
  elseif another_attempt(one, most, exhausted, retention) then
    queued(one)
    table.insert(orphans, one)
  end
end

for i = 2, #KEYS do
  local waiting = WAITING .. string.match(KEYS[i], '[^.]+$')
  local before = now - grace
  local message = redis.call('LINDEX', KEYS[i], -1)
  if message then
    local headers = cjson.decode(message).headers
    local kind = string.match(headers.task, '[^_]+$')
    local next = redis.call('ZSCORE', waiting, 'dragoman:' .. kind .. ':' .. headers.id)
    before = next and math.min(before, tonumber(next)) or 0
  end
  local range = {'ZRANGEBYSCORE', waiting, '-inf', '(' .. stamp(before), 'LIMIT', 0, limit}
  for _, one in ipairs(redis.call(unpack(range))) do
    if redis.call('HGET', one, 'state') then
      redis.call('ZADD', waiting, stamp(now), one)
      table.insert(orphans, one)
    else
      redis.call('ZREM', waiting, one)
    end
  end
end

for i, one in ipairs(orphans) do orphans[i] = {one, redis.call('HGET', one, 'queue')} end
return orphans
"""
)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a record; `fence` grows with each lease of the same record."""

    ref: Ref
    fence: int
    queue: Queue
    task: str
    request: str


@dataclass(frozen=True, slots=True)
class Orphan:
    """An unfinished record that nobody works on and that has no message."""

    ref: Ref
    queue: Queue


class Leases:
    """The scripts that move records.

    Every method raises `redis.ConnectionError` or another `redis.RedisError` where Redis is away or,
    on `create`, full; nothing is then half written.
    """

    def __init__(self, client: "redis.Redis", settings: Settings) -> None:
        self._settings = settings
        self._create = client.register_script(PRELUDE + CREATE)
        self._lease = client.register_script(_LEASE)
        self._renew = client.register_script(_RENEW)
        self._progress = client.register_script(_PROGRESS)
        self._end = client.register_script(_END)
        self._give_back = client.register_script(_GIVE_BACK)
        self._holder_died = client.register_script(_HOLDER_DIED)
        self._delete = client.register_script(_DELETE)
        self._reap = client.register_script(_REAP)
        # What `another_attempt` is told.
        self._attempts: tuple[int | str, ...] = (
            settings.max_attempts,
            json.dumps(problem(TooManyAttempts())),
            settings.retention_seconds,
        )

    def create(self, ref: Ref, task: str, queue: Queue, request: str) -> None:
        """Write a new record, queued. `task` names it in counts, `request` is what is to be done."""
        self._create(keys=[ref.key], args=[task, queue.value, request])

    def lease(self, ref: Ref, holder: str) -> Lease | None:
        """Take the record for `lease_seconds`; None where there is nothing to do (now).

        That is so when it has ended, was deleted, or is held: if its holder dies, the reaper sends
        another message. A record whose attempts are used up is failed here. `holder` is the process
        that will notice the death of the one that works.
        """
        reply = self._lease(
            keys=[ref.key],
            args=[self._settings.lease_seconds, holder, *self._attempts],
        )
        match reply:
            case ["leased", fence, queue, task, request]:
                return Lease(ref, int(fence), Queue(queue), task, request)
        return None

    def renew(self, lease: Lease) -> None:
        """Hold the record for `lease_seconds` from now; LeaseLost where it is held no more."""
        args = [lease.fence, self._settings.lease_seconds]
        if not self._renew(keys=[lease.ref.key], args=args):
            raise LeaseLost

    def progress(self, lease: Lease, done: int, total: int) -> None:
        """Say how far the work is, and renew the lease; LeaseLost where it is held no more."""
        args = [lease.fence, self._settings.lease_seconds, done, total]
        if not self._progress(keys=[lease.ref.key], args=args):
            raise LeaseLost

    def end(self, lease: Lease, state: JobState, field: str, value: str) -> None:
        """End the record, with a field that says how; LeaseLost where it is held no more."""
        args = [lease.fence, state.value, field, value, self._settings.retention_seconds]
        if not self._end(keys=[lease.ref.key], args=args):
            raise LeaseLost

    def give_back(self, lease: Lease, error: str | None) -> bool:
        """Put the record back into its queue; whether it needs a message now.

        With an error the attempt counts, and a record whose attempts are used up fails with the
        error's text. LeaseLost where it is held no more.
        """
        args = [lease.fence, error or "", *self._attempts]
        (moved,) = self._give_back(keys=[lease.ref.key], args=args)
        if moved == "lost":
            raise LeaseLost
        return bool(moved == "queued")

    def holder_died(self, ref: Ref, holder: str, error: str) -> None:
        """Let the lease run out now, if that holder has it: what worked on the record is dead."""
        self._holder_died(keys=[ref.key], args=[holder, error])

    def delete(self, ref: Ref) -> bool:
        """Forget the record, in any state; whether there was one."""
        return bool(self._delete(keys=[ref.key], args=[self._settings.retention_seconds]))

    def reap(self, me: str) -> list[Orphan]:
        """Bring records that nobody works on back to their queues; each needs a message now.

        Those are records whose lease has run out, and queued ones with no message for
        `lease_seconds`. Only one reaper is active, whoever else asks: it holds a lock that it
        renews with each call, and that another gets when it has been silent for `lease_seconds`.
        """
        lease = self._settings.lease_seconds
        found = self._reap(
            keys=[REAPER, *(queue.key for queue in Queue)],
            args=[me, int(lease * 1000), lease, *self._attempts, REAP_AT_ONCE],
        )
        return [
            Orphan(Ref.of(key), Queue(queue)) for key, queue in cast(list[tuple[str, str]], found)
        ]
