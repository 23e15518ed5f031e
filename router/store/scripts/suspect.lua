-- Writes what is suspected of having ended its owners, and clears others; only for the owner.
-- KEYS: lease, suspects. ARGV: token, N, N cleared ones, then each suspect with what is known of it.
-- Returns 1, or -1 when the lease is not ours any more.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
redis.call('PERSIST', KEYS[2])  -- works in a full store too: see heartbeat.lua
local last = 2 + tonumber(ARGV[2])
for a = 3, last, 1000 do redis.call('HDEL', KEYS[2], unpack(ARGV, a, math.min(a + 999, last))) end
for a = last + 1, #ARGV, 1000 do redis.call('HSET', KEYS[2], unpack(ARGV, a, math.min(a + 999, #ARGV))) end
return 1
