-- Holds a destination, or changes why. An operator's pause is never replaced by an engine's hold; an engine's hold begins
-- when the one before it began, and of two throttlings the longer stays. Of two workers that begin to hold it at once, the
-- first one's reason stays: only a failed probe changes it.
-- KEYS: holds, held. ARGV: destination, hold (JSON), wake channel, by ('operator' | 'engine'). Returns 1, or 0 when refused.
redis.call('PERSIST', KEYS[1])  -- works in a full store too: see heartbeat.lua
local before, new, raw = redis.call('HGET', KEYS[1], ARGV[1]), cjson.decode(ARGV[2]), ARGV[2]
if before then
  before = cjson.decode(before)
  local function keep(field) raw = string.gsub(raw, '"' .. field .. '":%d+', string.format('"%s":%.0f', field, before[field])) end
  if ARGV[4] == 'operator' then
    redis.call('HINCRBY', KEYS[2], ARGV[1], string.format('%.0f', math.max(0, new['since'] - before['since'])))
  elseif before['state'] == 'paused' then
    return 0
  elseif before['state'] == 'held' and new['state'] == 'held' and new['probes'] == 0 then
    return 0
  else
    keep('since')
    if before['state'] == 'throttled' and new['state'] == 'throttled' and before['probe_at'] > new['probe_at'] then
      keep('probe_at')
    end
  end
end
redis.call('HSET', KEYS[1], ARGV[1], raw)
redis.call('PUBLISH', ARGV[3], 'holds')
return 1
