-- Does one small write, though the store be full: see heartbeat.lua.
-- KEYS: key. ARGV: command, its arguments behind the key. Returns what the command does.
redis.call('PERSIST', KEYS[1])
return redis.call(ARGV[1], KEYS[1], unpack(ARGV, 2))
