"""What is in the queues, in characters, and how fast it gets done.

Jobs are weighed, not counted: a mebibyte is a thousand short notes. The pace is measured while there
is work, in characters that were done over the seconds that it took all workers together, with older
jobs counting for less; time without work does not count.
"""

LOAD = "dragoman:load"
"""A hash: the characters of unfinished jobs, by queue."""
IN_FLIGHT = "dragoman:in-flight"
"""A hash: how many jobs of a client are unfinished."""
PACE = "dragoman:pace"
"""A hash: `<queue>:characters` done in `<queue>:seconds` of work, counted up to `<queue>:at`."""

_MEMORY_SECONDS = 600
"""After so much work a job counts for a third in the pace."""

# For scripts that begin with `service.jobs.scripts.CLOCK`. A record that was never weighed (it has no
# client) is left out.
LUA = f"""
local function weigh_on(key, queue, client, characters)
  redis.call('HSET', key, 'client', client, 'characters', characters)
  redis.call('HINCRBY', '{IN_FLIGHT}', client, 1)
  if redis.call('HINCRBY', '{LOAD}', queue, characters) == tonumber(characters) then
    redis.call('HSET', '{PACE}', queue .. ':at', stamp(now))
  end
end

local function weigh_off(key, queue)
  local weight = redis.call('HMGET', key, 'client', 'characters')
  if not weight[1] then return end
  redis.call('HINCRBY', '{IN_FLIGHT}', weight[1], -1)
  redis.call('HINCRBY', '{LOAD}', queue, -weight[2])
end

local function count_pace(key, queue)
  local done = redis.call('HGET', key, 'characters')
  if not done then return end
  local pace = redis.call('HMGET', '{PACE}', queue .. ':characters', queue .. ':seconds', queue .. ':at')
  local seconds = math.max(now - (pace[3] or now), 0)
  local kept = math.exp(-seconds / {_MEMORY_SECONDS})
  redis.call('HSET', '{PACE}',
    queue .. ':characters', (pace[1] or 0) * kept + done,
    queue .. ':seconds', (pace[2] or 0) * kept + seconds,
    queue .. ':at', stamp(now))
end
"""
