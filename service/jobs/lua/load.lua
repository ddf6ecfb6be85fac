-- include: names, clock
-- The load of the queues in characters, and the pace at which work gets done.

-- After this many seconds of work a job counts for a third in the pace.
local PACE_SECONDS = 600

local function add_load(key, queue, client, characters)
  redis.call('HSET', key, 'client', client, 'characters', characters)
  redis.call('HINCRBY', IN_FLIGHT, client, 1)
  if redis.call('HINCRBY', LOAD, queue, characters) == tonumber(characters) then
    -- The queue was empty: time without work does not count.
    redis.call('HSET', PACE, queue .. ':at', stamp(now))
  end
end

-- A record without a client was never counted.
local function remove_load(key, queue)
  local load = redis.call('HMGET', key, 'client', 'characters')
  if not load[1] then return end
  redis.call('HINCRBY', IN_FLIGHT, load[1], -1)
  redis.call('HINCRBY', LOAD, queue, -load[2])
end

local function measure_pace(key, queue)
  local done = redis.call('HGET', key, 'characters')
  if not done then return end
  local pace = redis.call('HMGET', PACE, queue .. ':characters', queue .. ':seconds', queue .. ':at')
  local seconds = math.max(now - (pace[3] or now), 0)
  local kept = math.exp(-seconds / PACE_SECONDS)
  redis.call('HSET', PACE,
    queue .. ':characters', (pace[1] or 0) * kept + done,
    queue .. ':seconds', (pace[2] or 0) * kept + seconds,
    queue .. ':at', stamp(now))
end
