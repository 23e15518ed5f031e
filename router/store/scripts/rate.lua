-- One more request under a rate, for all workers together (GCRA). Returns 0 when it may go now, else ms to wait.
-- KEYS: rate. ARGV: ms between two requests (fraction allowed), burst in requests.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000
local gap, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local early = due - gap * burst
if now < early then return math.ceil(early - now) end
redis.call('SET', KEYS[1], string.format('%.3f', due + gap), 'PX', math.ceil(due + gap - now) + 1000)
return 0
