-- include: new_record
-- Write a new record, queued. ARGV: task, queue, request.
create(ARGV[1], ARGV[2], ARGV[3])
