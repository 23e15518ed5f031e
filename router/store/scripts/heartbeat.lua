-- Says that a worker process lives, forgets the silent ones, returns the living owners.
-- A full store (maxmemory) refuses a script at its first write, if that one could need room, and at no later one: the
-- scripts that empty the lanes therefore begin with a write that needs none, or the store could never be emptied.
-- KEYS: members, the owner's member key. ARGV: owner, time to live in ms, what it says of itself.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2])
return redis.call('ZRANGE', KEYS[1], 0, -1)
