#!lua flags=allow-oom
-- include: record
-- Add a part of the result, for those who read it before it is whole. ARGV: fence, part.
if not held(key, ARGV[1]) then return 0 end
redis.call('RPUSH', parts_of(key), ARGV[2])
redis.call('PUBLISH', key, 'running')
return 1
