#!lua flags=allow-oom
-- include: record
-- Renew the lease. ARGV: fence, seconds.
if not held(key, ARGV[1]) then return 0 end
extend(key, ARGV[2])
return 1
