-- The time of Redis, in seconds, and how times are written. Clocks of other machines do not matter.
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
local function stamp(at) return string.format('%.6f', at) end
