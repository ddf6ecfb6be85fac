#!lua flags=allow-oom
-- include: names, clock
-- Claim a webhook that is due, until `claim_seconds` from now.
-- ARGV: claim_seconds, seconds by which a webhook of a busy host or client is put off, number of busy
-- hosts, the busy hosts, the busy clients.
-- Returns the seconds until one is due, or '0' alone to be asked again, or '0', the key and the record.
local PAGE = 100

local busy_hosts, busy_clients = {}, {}
for i = 4, #ARGV do
  local busy = i < 4 + tonumber(ARGV[3]) and busy_hosts or busy_clients
  busy[ARGV[i]] = true
end

local due = redis.call('ZRANGEBYSCORE', WEBHOOKS, '-inf', stamp(now), 'LIMIT', 0, PAGE)
for _, key in ipairs(due) do
  local readable, record = pcall(redis.call, 'HMGET', key, 'callback_host', 'client')
  if readable and (busy_hosts[record[1]] or busy_clients[record[2]]) then
    redis.call('ZADD', WEBHOOKS, stamp(now + ARGV[2]), key)
  elseif not readable then
    redis.call('ZREM', WEBHOOKS, key)
  else
    redis.call('ZADD', WEBHOOKS, stamp(now + ARGV[1]), key)
    return {'0', key, redis.call('HGETALL', key)}
  end
end
if #due == PAGE then return {'0'} end
local first = redis.call('ZRANGE', WEBHOOKS, 0, 0, 'WITHSCORES')
if not first[1] then return {'inf'} end
return {tostring(math.max(first[2] - now, 0))}
