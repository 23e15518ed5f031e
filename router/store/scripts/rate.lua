-- Takes N under a rate, for all workers together (GCRA). Returns 0 when they may go now, else ms to wait.
-- KEYS: rate. ARGV: ms between two (fraction allowed), how many may go at once after a pause, N.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local gap = tonumber(ARGV[1])
local due = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local early = due - gap * tonumber(ARGV[2])
if now < early then return math.ceil(early - now) end
due = due + gap * tonumber(ARGV[3])
redis.call('PERSIST', KEYS[1])  -- works in a full store too: see heartbeat.lua
redis.call('SET', KEYS[1], string.format('%.3f', due), 'PX', math.ceil(due - now) + 1000)
return 0
