-- include: record

local function create(task, queue, request)
  redis.call('HSET', key, 'task', task, 'queue', queue, 'request', request,
    'created_at', stamp(now), 'done', 0, 'total', 0, 'attempts', 0, 'fence', 0)
  queued(key)
end
