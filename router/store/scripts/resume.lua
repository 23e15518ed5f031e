-- Ends a hold and adds its length to the time held. KEYS: holds, held, probe. ARGV: destination, now ms, wake channel, by,
-- and when the hold to be ended is probed ('' ends any). Returns 1, or 0 when there was none, when it is another one, or
-- when it is an operator's pause and an engine asks.
local before = redis.call('HGET', KEYS[1], ARGV[1])
if not before then return 0 end
local hold = cjson.decode(before)
if ARGV[4] ~= 'operator' and hold['state'] == 'paused' then return 0 end
if ARGV[5] ~= '' and tonumber(ARGV[5]) ~= hold['probe_at'] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('DEL', KEYS[3])
redis.call('HINCRBY', KEYS[2], ARGV[1], math.max(0, math.floor(tonumber(ARGV[2]) - hold['since'])))
redis.call('PUBLISH', ARGV[3], 'holds')
return 1
