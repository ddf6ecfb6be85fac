#!lua flags=allow-oom
-- include: record
-- Write the progress and renew the lease. ARGV: fence, seconds, done, total.
if not held(key, ARGV[1]) then return 0 end
extend(key, ARGV[2])
seen_alive(key)
redis.call('HSET', key, 'done', ARGV[3], 'total', ARGV[4])
redis.call('PUBLISH', key, 'running')
return 1
