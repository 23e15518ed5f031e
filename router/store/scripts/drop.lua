-- Takes an arrival off the shelf for good, and counts how it left. Returns 1, or 0 when it was gone.
-- KEYS: shelf, ledger. ARGV: id, counter (dropped | put_back).
local gone = redis.call('XDEL', KEYS[1], ARGV[1])
if gone > 0 then redis.call('HINCRBY', KEYS[2], ARGV[2], gone) end
return gone
