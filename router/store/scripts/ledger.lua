-- Reads all counters, and the lengths of what they count, at one moment. A transaction could not: a full store queues none.
-- KEYS: intake ledger, shelf, then for each shard: ledger, then for each lane: lane, dead letters. ARGV: how many lanes.
-- Returns the intake ledger, the shelf's length, then for each shard: ledger, then for each lane its two lengths.
local found = {redis.call('HGETALL', KEYS[1]), redis.call('XLEN', KEYS[2])}
local step = 1 + 2 * tonumber(ARGV[1])
for k = 3, #KEYS do
  found[k] = redis.call((k - 3) % step == 0 and 'HGETALL' or 'XLEN', KEYS[k])
end
return found
