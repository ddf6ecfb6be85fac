-- include: spend
-- Spend in a client's windows. KEYS and ARGV: the windows, as for `spend`.
local short, used = spend(1, 1)
return {short, used}
