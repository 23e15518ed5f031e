-- Gives back a lease of an owner known to be dead. KEYS: lease. ARGV: owner. Returns 1, or 0 when it was not that owner's.
local token, start = redis.call('GET', KEYS[1]), ARGV[1] .. ':'
if not token or string.sub(token, 1, #start) ~= start or not string.find(token, '^%d+$', #start + 1) then return 0 end
return redis.call('DEL', KEYS[1])
