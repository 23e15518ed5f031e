-- Takes an arrival off the shelf for good, and counts it. Returns 1, or 0 when it was gone.
-- KEYS: shelf, intake ledger. ARGV: id.
local gone = redis.call('XDEL', KEYS[1], ARGV[1])
if gone > 0 then redis.call('HINCRBY', KEYS[2], 'dropped', gone) end
return gone
