#!lua flags=allow-oom
-- include: record
-- Find the records that nobody works on, and queue them again.
-- KEYS: the reaper's lock, the queues at the broker.
-- ARGV: name of this reaper, milliseconds of its lock, seconds that a message may be on its way,
-- max_attempts, exhausted, retention, the most records to look at.
-- Returns the keys and queues of the records that need a message, and the keys of damaged records.
local me, lock_ms, grace, max_attempts, exhausted, retention, limit = unpack(ARGV)
local owner = redis.call('GET', key)
if owner and owner ~= me then return {{}, {}} end
redis.call('SET', key, me, 'PX', lock_ms)

-- A clock that was set back leaves times in the future, at which nothing would happen for long. No
-- lease ends later than one that begins now, no message is from the future, and no webhook waits longer
-- than the longest delay between two attempts.
local LONGEST_DELAY = 10 * 3600
local function limit_times(set, latest)
  local later = '(' .. stamp(latest)
  for _, one in ipairs(redis.call('ZRANGEBYSCORE', set, later, '+inf', 'LIMIT', 0, limit)) do
    redis.call('ZADD', set, stamp(latest), one)
  end
end
limit_times(RUNNING, now + grace)
limit_times(WEBHOOKS, now + LONGEST_DELAY)

local orphans, damaged = {}, {}

-- Look at each record of the set in turn; one that cannot be read leaves the set and stops no other.
local function each(set, highest, look)
  local found = redis.call('ZRANGEBYSCORE', set, '-inf', highest, 'LIMIT', 0, limit)
  for _, one in ipairs(found) do
    if not pcall(look, one) then
      redis.call('ZREM', set, one)
      table.insert(damaged, one)
    end
  end
end

local function add_orphan(one)
  table.insert(orphans, {one, assert(redis.call('HGET', one, 'queue'))})
end

each(RUNNING, now, function(one)
  if not redis.call('HGET', one, 'state') then
    redis.call('ZREM', RUNNING, one)
  elseif another_attempt(one, max_attempts, exhausted, retention) then
    queued(one)
    add_orphan(one)
  end
end)

-- The time of the record whose message is next in the queue; 0 where that cannot be told.
local function next_in(waiting, message)
  local headers = cjson.decode(message).headers
  local kind = string.match(headers.task, '[^_]+$')
  return tonumber(redis.call('ZSCORE', waiting, 'dragoman:' .. kind .. ':' .. headers.id)) or 0
end

for i = 2, #KEYS do
  local waiting = WAITING .. string.match(KEYS[i], '[^.]+$')
  limit_times(waiting, now)
  local before = now - grace
  -- A queue is first in, first out: a record that was queued before the one whose message is next
  -- has no message. Where the queue is empty, no record has one.
  local message = redis.call('LINDEX', KEYS[i], -1)
  if message then
    local readable, next = pcall(next_in, waiting, message)
    before = readable and math.min(before, next) or 0
  end
  each(waiting, '(' .. stamp(before), function(one)
    if redis.call('HGET', one, 'state') then
      add_orphan(one)
      redis.call('ZADD', waiting, stamp(now), one)
    else
      redis.call('ZREM', waiting, one)
    end
  end)
end

return {orphans, damaged}
