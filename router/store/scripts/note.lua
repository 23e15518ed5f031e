-- Counts oddities of events, of at most so many kinds a day; what is more is counted together.
-- KEYS: the day's oddities. ARGV: kinds at most, ms to keep, the kind of all others, then pairs of (kind, times).
local others = ARGV[3]
for a = 4, #ARGV, 2 do
  local kind = ARGV[a]
  if redis.call('HEXISTS', KEYS[1], kind) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[1]) then kind = others end
  redis.call('HINCRBY', KEYS[1], kind, ARGV[a + 1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return redis.call('HLEN', KEYS[1])
