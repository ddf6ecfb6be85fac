#!lua flags=allow-oom
-- include: names, clock
-- Whether the append-only file is to be rewritten now, so that deleted texts leave it.
-- ARGV: seconds between rewrites after deletions, seconds between rewrites in any case.
local journal = redis.call('HMGET', JOURNAL, 'deleted', 'rewritten')
local rewritten = tonumber(journal[2] or 0)
-- A clock that was set back must not put the next rewrite off.
local since = rewritten > now and math.huge or now - rewritten
local deleted = journal[1] and (tonumber(journal[1]) >= rewritten or rewritten > now)
if since < tonumber(ARGV[1]) or not (deleted or since >= tonumber(ARGV[2])) then return 0 end
redis.call('HSET', JOURNAL, 'rewritten', stamp(now))
return 1
