-- Drops dead letters for good; they stay counted as dead. Returns how many it dropped.
-- KEYS: dead letters, ledger, hour. ARGV: lane, ids ...
local gone = redis.call('XDEL', KEYS[1], unpack(ARGV, 2))
if gone > 0 then
  for k = 2, 3 do redis.call('HINCRBY', KEYS[k], ARGV[1] .. '|discarded', gone) end
  redis.call('EXPIRE', KEYS[3], 691200)
end
return gone
