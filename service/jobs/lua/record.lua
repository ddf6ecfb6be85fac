-- include: names, clock, load
-- What the scripts on one record share. A hash without a `state` is a record that was deleted.

local key = KEYS[1]

local function parts_of(key)
  return PARTS .. string.match(key, '[^:]+$')
end

local function seen_alive(key)
  redis.call('HSET', ALIVE, redis.call('HGET', key, 'queue'), stamp(now))
end

-- Called whenever a record begins to wait for a message.
local function queued(key)
  redis.call('HSET', key, 'state', 'queued')
  redis.call('ZREM', RUNNING, key)
  redis.call('ZADD', WAITING .. redis.call('HGET', key, 'queue'), stamp(now), key)
  redis.call('PUBLISH', key, 'queued')
end

-- Called whenever an unfinished record is no longer worked on.
local function closed(key, state)
  local record = redis.call('HMGET', key, 'task', 'queue')
  redis.call('ZREM', RUNNING, key)
  redis.call('ZREM', WAITING .. record[2], key)
  redis.call('DEL', parts_of(key))
  remove_load(key, record[2])
  redis.call('HINCRBY', FINISHED, record[1] .. ':' .. state, 1)
end

-- Called once per record, when it ends in a result or an error. Its request is removed; the rest is
-- kept for the retention.
local function ended(key, state, field, value, retention)
  closed(key, state)
  measure_pace(key, redis.call('HGET', key, 'queue'))
  redis.call('HSET', key, 'state', state, field, value, 'finished_at', stamp(now))
  redis.call('HDEL', key, 'request')
  redis.call('EXPIRE', key, retention)
  redis.call('PUBLISH', key, state)
  if redis.call('HEXISTS', key, 'callback') == 1 then
    redis.call('ZADD', WEBHOOKS, stamp(now), key)
    redis.call('PUBLISH', WEBHOOKS, key)
  end
end

-- Whether the record may be tried again; if not, it fails here with the text of its last error.
local function another_attempt(key, max_attempts, exhausted, retention)
  local record = redis.call('HMGET', key, 'attempts', 'last_error')
  if tonumber(record[1]) < tonumber(max_attempts) then return true end
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
