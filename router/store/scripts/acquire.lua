-- Takes a lease that nobody has. Returns {fencing number, ms since an owner went without giving back}: the number is 0 when
-- somebody has it, the time -1 when no owner ever went so. Whoever takes again what it had itself has not gone.
-- KEYS: lease, fence, and the note of who has it where owners' ends are minded. ARGV: owner, time to live in ms.
if redis.call('EXISTS', KEYS[1]) == 1 then return {0, -1} end
redis.call('PERSIST', KEYS[2])  -- works in a full store too: see heartbeat.lua
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. fence, 'PX', ARGV[2])
if not KEYS[3] then return {fence, -1} end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local gone, owner = string.match(redis.call('GET', KEYS[3]) or '-1 ', '^(%S+) (.*)$')
gone = tonumber(gone)
if owner ~= '' and owner ~= ARGV[1] then gone = now end
redis.call('SET', KEYS[3], string.format('%.0f', gone) .. ' ' .. ARGV[1])
return {fence, gone < 0 and -1 or now - gone}
