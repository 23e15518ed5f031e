-- Takes what is a shard's of a batch: each arrival once, however often and in whatever batches it is brought.
-- The shard keeps the place of the last arrival it saw of an intake: what is not behind it, by number and by id, it has.
-- Returns {1, accepted, duplicates, generation}; generation is 0 when it had everything.
-- KEYS: the last places of intakes, marks. ARGV: intake, place of the batch's last arrival, then how many places and these:
-- of unreadable ones, and of events; then what placing.lua says. A place is a number, an id's milliseconds and its tail.
local seen = redis.call('HGET', KEYS[1], ARGV[1]) or '0 0 0'
local number, head, tail = string.match(seen, '^(%d+) (%d+) (%d+)$')
number, head, tail = tonumber(number), tonumber(head), tonumber(tail)
local function taken(a)
  local n, count = 0, tonumber(ARGV[a])
  for at = a + 1, a + 3 * count, 3 do
    local h = tonumber(ARGV[at + 1])
    if tonumber(ARGV[at]) > number or h > head or h == head and tonumber(ARGV[at + 2]) > tail then break end
    n = n + 1
  end
  return n, a + 1 + 3 * count, n == count
end
local unread, a, all_unread = taken(5)
local events, next, all_events = taken(a)
if all_unread and all_events then return {1, 0, 0, 0} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. ARGV[4])
return place(next, KEYS[2], {unread, events})
