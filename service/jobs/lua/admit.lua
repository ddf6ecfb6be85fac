-- include: new_record, spend
-- Admit a request: find the job of the same request, refuse it, or write the record of a new job.
-- KEYS: the record, the key of identical requests, the windows of the quotas.
-- ARGV: task, queue, request, callback or '', its host or '', client, characters, most jobs in flight or
-- 0, most characters in the queue, fingerprint, seconds that the request is remembered, '1' if it is
-- remembered by its content, seconds that the job is listed, the windows.
local task, queue, request, callback, host = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local client, characters = ARGV[6], ARGV[7]
local max_in_flight, max_load = tonumber(ARGV[8]), tonumber(ARGV[9])
local fingerprint, kept_seconds, by_content = ARGV[10], tonumber(ARGV[11]), ARGV[12] == '1'
local listed_seconds = tonumber(ARGV[13])

local before = redis.call('HMGET', KEYS[2], 'fingerprint', 'key')
if before[1] then
  local state = redis.call('HGET', before[2], 'state')
  -- A key is free again when its job was deleted; the same text is tried again when it failed.
  if state and not (by_content and (state == 'failed' or state == 'cancelled')) then
    if before[1] ~= fingerprint then return {'reused'} end
    return {'before', before[2]}
  end
end

local in_flight = tonumber(redis.call('HGET', IN_FLIGHT, client) or 0)
if max_in_flight > 0 and in_flight >= max_in_flight then return {'in flight', in_flight} end

local load = tonumber(redis.call('HGET', LOAD, queue) or 0)
if load > 0 and load + characters > max_load then
  local pace = redis.call('HMGET', PACE, queue .. ':characters', queue .. ':seconds')
  return {'full', load, pace[1] or '0', pace[2] or '0'}
end

local short, used = spend(3, 14)
if short > 0 then return {'short', short, used} end

create(task, queue, request)
-- Those whose records have expired leave with the next job, or when no other follows.
redis.call('ZREMRANGEBYSCORE', JOBS .. client, '-inf', stamp(now - listed_seconds))
redis.call('ZADD', JOBS .. client, stamp(now), string.match(key, '[^:]+$'))
redis.call('EXPIRE', JOBS .. client, listed_seconds)
add_load(key, queue, client, characters)
if callback ~= '' then
  redis.call('HSET', key,
    'callback', callback, 'callback_host', host, 'callback_state', 'waiting')
end
if kept_seconds > 0 then
  redis.call('HSET', KEYS[2], 'fingerprint', fingerprint, 'key', key)
  redis.call('EXPIRE', KEYS[2], kept_seconds)
end
return {'new', key, used}
