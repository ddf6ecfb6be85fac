-- The keys that the scripts use beside the record's own. `service.jobs.scripts` reads them from here.

-- Hash: counts of ended records, by `task:state`.
local FINISHED = 'dragoman:finished'
-- Hash: when a worker last took, advanced or ended a record, by queue.
local ALIVE = 'dragoman:alive'
-- Sorted set: keys of leased records, by the end of their lease.
local RUNNING = 'dragoman:running'
-- Start of the sorted set of a queue: keys of queued records, by the time of their message.
local WAITING = 'dragoman:waiting:'
-- Sorted set: keys of ended records with a webhook, by the time it is due. Also the channel of new ones.
local WEBHOOKS = 'dragoman:webhooks'
-- Start of the key that names the client of a deleted record.
local GONE = 'dragoman:gone:'
-- Start of the key of the list of what a running job has translated so far, by the job's id.
local PARTS = 'dragoman:parts:'
-- Start of the key of the sorted set of a client's jobs: ids, by the time they came.
local JOBS = 'dragoman:jobs:'
-- Hash: characters of unfinished jobs, by queue.
local LOAD = 'dragoman:load'
-- Hash: number of unfinished jobs, by client.
local IN_FLIGHT = 'dragoman:in-flight'
-- Hash: `<queue>:characters` done in `<queue>:seconds` of work, counted up to `<queue>:at`.
local PACE = 'dragoman:pace'
-- Hash: when a text was last `deleted`, and when the append-only file was last `rewritten`.
local JOURNAL = 'dragoman:journal'
