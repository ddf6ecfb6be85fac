#!lua flags=allow-oom
-- include: record
-- End the lease of a dead holder and record the cause. ARGV: holder, error.
-- The lease may have expired before the death was noticed: the cause is recorded all the same.
local record = redis.call('HMGET', key, 'state', 'holder')
if record[2] ~= ARGV[1] then return end
if record[1] == 'running' then extend(key, 0) end
if record[1] == 'running' or record[1] == 'queued' then
  redis.call('HSET', key, 'last_error', ARGV[2])
end
