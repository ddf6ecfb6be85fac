"""The scripts, in Lua, by which records change in Redis, and the keys that they name.

Each is one step that happens whole or not at all, on Redis's own clock: the clocks of the machines do
not matter. `service.jobs.leases` says what each is for. They name keys that are not passed to them: one
Redis, not a cluster.
"""

from service.jobs import pace

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

CLOCK = """
local t = redis.call('TIME')
local now = t[1] + t[2] / 1e6
local function stamp(at) return string.format('%.6f', at) end
"""
"""The time, of Redis, and how it is written."""

# What every script on records begins with; `service.jobs.admission` has one more.
PRELUDE = f"""
local RUNNING, WAITING = '{RUNNING}', '{WAITING}'
local WEBHOOKS, GONE = '{WEBHOOKS}', '{GONE}'
local key = KEYS[1]
{CLOCK}{pace.LUA}
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
LEASE = (
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

RENEW = (
    _WORKERS
    + """
if not held(key, ARGV[1]) then return 0 end
extend(key, ARGV[2])
return 1
"""
)

PROGRESS = (
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

END = (
    _WORKERS
    + """
if not held(key, ARGV[1]) then return 0 end
sign_of_life(key)
ended(key, ARGV[2], ARGV[3], ARGV[4], ARGV[5])
return 1
"""
)

GIVE_BACK = (
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

# The lease may have run out before the death was noticed: the cause is noted all the same.
HOLDER_DIED = (
    _WORKERS
    + """
local record = redis.call('HMGET', key, 'state', 'holder')
if record[2] ~= ARGV[1] then return end
if record[1] == 'running' then extend(key, 0) end
if record[1] == 'running' or record[1] == 'queued' then
  redis.call('HSET', key, 'last_error', ARGV[2])
end
"""
)

DELETE = (
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
REAP = (
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
