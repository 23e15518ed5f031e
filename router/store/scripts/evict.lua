-- Gives back every lease of an owner known to be dead.
-- KEYS: members, the owner's member key, leases ... ARGV: owner. Returns how many leases it freed.
local freed = 0
local start = ARGV[1] .. ':'
for k = 3, #KEYS do
  local token = redis.call('GET', KEYS[k])
  if token and string.sub(token, 1, #start) == start and string.find(token, '^%d+$', #start + 1) then
    freed = freed + redis.call('DEL', KEYS[k])
  end
end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[2])
return freed
