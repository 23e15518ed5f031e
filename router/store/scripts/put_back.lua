-- Takes an arrival off the shelf and queues it again, once. Returns 1, or 0 when it was gone.
-- KEYS: shelf, stream, intake ledger. ARGV: id, fields and values of the stream entry ...
if redis.call('XDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 2))
redis.call('HINCRBY', KEYS[3], 'put_back', 1)
return 1
