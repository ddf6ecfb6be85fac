-- Spend a cost in all windows of a quota, or in none.

-- The windows are the keys from `first_key` on; of each, three arguments from `first_argument` on: its
-- limit or 0, the cost, and the seconds that its count is kept. Returns the first window (from 1) whose
-- limit does not allow the cost, or 0, and the counts.
local function spend(first_key, first_argument)
  local used, short = {}, 0
  local function argument(i, n) return ARGV[first_argument + 3 * (i - 1) + n] end
  for i = 1, #KEYS - first_key + 1 do
    local limit, cost = tonumber(argument(i, 0)), tonumber(argument(i, 1))
    used[i] = tonumber(redis.call('GET', KEYS[first_key + i - 1]) or 0)
    if short == 0 and limit > 0 and used[i] + cost > limit then short = i end
  end
  if short == 0 then
    for i = 1, #used do
      used[i] = redis.call('INCRBY', KEYS[first_key + i - 1], argument(i, 1))
      redis.call('EXPIRE', KEYS[first_key + i - 1], argument(i, 2))
    end
  end
  return short, used
end
