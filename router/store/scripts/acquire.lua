-- Takes a lease that nobody has. Returns the fencing number, or 0 when somebody has it.
-- KEYS: lease, fence. ARGV: owner, time to live in ms.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('PERSIST', KEYS[2])  -- works in a full store too: see heartbeat.lua
local fence = redis.call('INCR', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1] .. ':' .. fence, 'PX', ARGV[2])
return fence
