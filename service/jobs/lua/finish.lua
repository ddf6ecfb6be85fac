#!lua flags=allow-oom
-- include: record
-- End the record. ARGV: fence, state, field and value of the outcome, retention.
if not held(key, ARGV[1]) then return 0 end
seen_alive(key)
ended(key, ARGV[2], ARGV[3], ARGV[4], ARGV[5])
return 1
