#!lua flags=allow-oom
-- include: record
-- Lease the record. ARGV: seconds, holder, max_attempts, exhausted, retention.
local seconds, holder = ARGV[1], ARGV[2]
local state = redis.call('HGET', key, 'state')
if state == 'running' then
  if tonumber(redis.call('ZSCORE', RUNNING, key)) > now then return {'busy'} end
elseif state ~= 'queued' then
  return {'nothing'}
end
if not another_attempt(key, ARGV[3], ARGV[4], ARGV[5]) then return {'nothing'} end
redis.call('HINCRBY', key, 'attempts', 1)
redis.call('DEL', parts_of(key))
redis.call('HSETNX', key, 'started_at', stamp(now))
redis.call('HSET', key, 'state', 'running', 'holder', holder)
local record = redis.call('HMGET', key, 'queue', 'task', 'request')
redis.call('ZREM', WAITING .. record[1], key)
extend(key, seconds)
seen_alive(key)
redis.call('PUBLISH', key, 'running')
local fence = redis.call('HINCRBY', key, 'fence', 1)
return {'leased', tostring(fence), record[1], record[2], record[3]}
