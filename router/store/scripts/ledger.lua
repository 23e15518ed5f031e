-- Reads all counters, and the lengths of what they count, at one moment. A transaction could not: a full store queues none.
-- KEYS: positions of intakes, then for each shard: ledger, shelf, then for each lane: lane, dead letters.
-- ARGV: how many positions, how many lanes. Returns for each key its number, counters or length.
local found, positions = {}, tonumber(ARGV[1])
local step = 2 + 2 * tonumber(ARGV[2])
for k = 1, #KEYS do
  local command = k <= positions and 'GET' or (k - positions - 1) % step == 0 and 'HGETALL' or 'XLEN'
  found[k] = redis.pcall(command, KEYS[k])
  if type(found[k]) == 'table' and found[k]['err'] then return {err = 'STRANGEKEY ' .. KEYS[k]} end
end
return found
