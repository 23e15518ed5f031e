-- Queues an arrival that is being put back from a shelf, once. Returns 1, or 0 when it was queued before.
-- KEYS: stream, what is being put back onto it. ARGV: id on the shelf, fields and values of the stream entry ...
-- Ids of a shelf are never given again: they are remembered for a day, so that whoever puts the same one back beside us,
-- or after we died, queues nothing twice.
if redis.call('SADD', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('EXPIRE', KEYS[2], 86400)
redis.call('XADD', KEYS[1], '*', unpack(ARGV, 2))
return 1
