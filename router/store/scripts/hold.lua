-- Holds a destination, or changes why; an operator's pause is never replaced by an engine's hold.
-- KEYS: holds. ARGV: destination, hold (JSON), wake channel, by ('operator' | 'engine'). Returns 1, or 0 when refused.
local before = redis.call('HGET', KEYS[1], ARGV[1])
if before and ARGV[4] ~= 'operator' and cjson.decode(before)['state'] == 'paused' then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PUBLISH', ARGV[3], 'holds')
return 1
