#!lua flags=allow-oom
-- include: names, clock
-- Write the outcome of an attempt on the record. ARGV: state, answer, seconds until the next attempt or ''.
local key = KEYS[1]
-- A record that was deleted meanwhile stays deleted.
if redis.call('EXISTS', key) == 0 then return redis.call('ZREM', WEBHOOKS, key) end
redis.call('HINCRBY', key, 'callback_attempts', 1)
redis.call('HSET', key, 'callback_state', ARGV[1], 'callback_answer', ARGV[2])
if ARGV[3] == '' then
  redis.call('ZREM', WEBHOOKS, key)
else
  redis.call('ZADD', WEBHOOKS, stamp(now + ARGV[3]), key)
end
