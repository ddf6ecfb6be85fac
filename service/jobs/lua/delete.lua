#!lua flags=allow-oom
-- include: record
-- Delete the record in any state. ARGV: retention, for which its client is remembered.
local state = redis.call('HGET', key, 'state')
if not state then return 0 end
if state == 'queued' or state == 'running' then closed(key, 'cancelled') end
local client = redis.call('HGET', key, 'client')
if client then
  redis.call('SET', GONE .. string.match(key, '[^:]+$'), client, 'EX', ARGV[1])
end
redis.call('DEL', key)
redis.call('ZREM', WEBHOOKS, key)
redis.call('HSET', JOURNAL, 'deleted', stamp(now))
redis.call('PUBLISH', key, 'deleted')
return 1
