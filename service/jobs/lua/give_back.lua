#!lua flags=allow-oom
-- include: record
-- Put the record back into its queue. ARGV: fence, error or '', max_attempts, exhausted, retention.
if not held(key, ARGV[1]) then return {'lost'} end
if ARGV[2] == '' then
  redis.call('HINCRBY', key, 'attempts', -1)
else
  redis.call('HSET', key, 'last_error', ARGV[2])
end
if not another_attempt(key, ARGV[3], ARGV[4], ARGV[5]) then return {'ended'} end
queued(key)
return {'queued'}
