-- include: new_record
-- Write a new record, queued, unless there is one. ARGV: task, queue, request.
if redis.call('HEXISTS', key, 'state') == 1 then return 0 end
create(ARGV[1], ARGV[2], ARGV[3])
return 1
