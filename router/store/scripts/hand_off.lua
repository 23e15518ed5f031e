-- Moves a batch of routed arrivals from an intake into the lanes: at once, once, and only for the intake's owner.
-- Repeating it is a no-op (the position is compared and set). Returns {state, accepted, duplicates, generation}; state is
-- 1 done, 0 it had been done already, -1 the lease is not ours any more, -2 the position is not the one expected,
-- -3 a preference is not what it was when its change was made of it: nothing is done.
--
-- KEYS: lease, intake, position, intake ledger, marks, shelf, lanes, preferences
-- ARGV: token, expected position, how many arrivals go, kind (stream | list), id below which the stream goes,
--       prefix, hour, wake channel,
--       now ms, generation ms, generation's marks, keep marks ms,
--       P, P x (turn, before, after)                                                  preferences; before '' is none
--       L, L lanes,
--       U, U x (reason, raw, origin, source, received ms, at ms)                      the unreadable ones
--       E, E x (shard, turn, bucket, fingerprint, sends, skips, deads, shelved, B, B x body)
--         sends "lane=body ...", skips "lane=reason ...", deads "lane=reason ..." with lanes and bodies counted from 1;
--         the body of a dead one is the last; bucket '' bypasses the marks; shelved '' or the raw arrival kept for the dead.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {-1, 0, 0, 0} end
local position, expected, going = tonumber(redis.call('GET', KEYS[3]) or '0'), tonumber(ARGV[2]), tonumber(ARGV[3])
if position == expected + going then return {0, 0, 0, 0} end
if position ~= expected then return {-2, 0, 0, 0} end
local a = 14
local preferred = a + 3 * tonumber(ARGV[13])
for p = a, preferred - 1, 3 do
  if (redis.call('HGET', KEYS[8], ARGV[p]) or '') ~= ARGV[p + 1] then return {-3, 0, 0, 0} end
end
redis.call('SET', KEYS[3], position + going)
while a < preferred do
  redis.call('HSET', KEYS[8], ARGV[a], ARGV[a + 2])
  a = a + 3
end

local prefix, hour, now = ARGV[6], ARGV[7], tonumber(ARGV[9])
local marks = redis.call('HMGET', KEYS[5], 'generation', 'since', 'count')
local generation, since, marked = tonumber(marks[1] or '0'), tonumber(marks[2] or '0'), tonumber(marks[3] or '0')
if now - since >= tonumber(ARGV[10]) or marked >= tonumber(ARGV[11]) then
  generation, since, marked = generation + 1, now, 0
  redis.call('HSET', KEYS[5], 'generation', generation, 'since', since)
end

local lanes = {}
for n = 1, tonumber(ARGV[a]) do lanes[n] = ARGV[a + n] end
a = a + #lanes + 1
local unread = tonumber(ARGV[a])
a = a + 1
for _ = 1, unread do
  redis.call('XADD', KEYS[6], '*', 'reason', ARGV[a], 'raw', ARGV[a + 1], 'origin', ARGV[a + 2], 'source', ARGV[a + 3],
    'received_at', ARGV[a + 4], 'at', ARGV[a + 5])
  redis.call('HINCRBY', KEYS[4], 'shelved|' .. ARGV[a], 1)
  a = a + 6
end

local counts, accepted, duplicates, touched = {}, 0, 0, {}
local function count(shard, field)
  local fields = counts[shard]
  if not fields then fields = {}; counts[shard] = fields end
  fields[field] = (fields[field] or 0) + 1
end
local function known(bucket, fingerprint)
  if bucket == '' then return false end
  for g = generation - 1, math.max(1, generation - 4), -1 do
    if redis.call('SISMEMBER', prefix .. ':marks:' .. g .. ':' .. bucket, fingerprint) == 1 then return true end
  end
  local key = prefix .. ':marks:' .. generation .. ':' .. bucket
  touched[key] = true
  return redis.call('SADD', key, fingerprint) == 0
end

local events = tonumber(ARGV[a])
a = a + 1
for _ = 1, events do
  local shard, turn, bodies = ARGV[a], ARGV[a + 1], tonumber(ARGV[a + 8])
  local body = a + 8
  if known(ARGV[a + 2], ARGV[a + 3]) then
    duplicates = duplicates + 1
  else
    accepted = accepted + 1
    count(shard, 'accepted')
    local home = prefix .. ':{' .. shard .. '}:'
    for l, b in string.gmatch(ARGV[a + 4], '(%d+)=(%d+)') do
      redis.call('XADD', home .. 'lane:' .. lanes[tonumber(l)], '*', 'u', turn, 'd', ARGV[body + b])
    end
    for l, reason in string.gmatch(ARGV[a + 5], '(%d+)=(%S+)') do
      count(shard, lanes[tonumber(l)] .. '|filtered|' .. reason)
    end
    if ARGV[a + 6] ~= '' then
      local shelf = redis.call('XADD', KEYS[6], '*', 'reason', 'policy_error', 'raw', ARGV[a + 7], 'at', now)
      for l, reason in string.gmatch(ARGV[a + 6], '(%d+)=(%S+)') do
        redis.call('XADD', home .. 'dead:' .. lanes[tonumber(l)], '*', 'u', turn, 'd', ARGV[body + bodies],
          'reason', reason, 'at', now, 'shelf', shelf)
        count(shard, lanes[tonumber(l)] .. '|dead')
      end
      redis.call('HINCRBY', KEYS[4], 'kept', 1)
    end
  end
  a = body + bodies + 1
end

for key in pairs(touched) do redis.call('PEXPIRE', key, ARGV[12]) end
redis.call('HSET', KEYS[5], 'count', marked + accepted)
local woken = {}
for shard, fields in pairs(counts) do
  woken[#woken + 1] = shard
  local ledger, hourly = prefix .. ':{' .. shard .. '}:ledger', prefix .. ':{' .. shard .. '}:hour:' .. hour
  for n = 1, #lanes do fields[lanes[n] .. '|configured'] = fields['accepted'] end
  for field, n in pairs(fields) do
    redis.call('HINCRBY', ledger, field, n)
    redis.call('HINCRBY', hourly, field, n)
  end
  redis.call('EXPIRE', hourly, 691200)
end
redis.call('HINCRBY', KEYS[4], 'read', going)
redis.call('HINCRBY', KEYS[4], 'accepted', accepted)
if duplicates > 0 then redis.call('HINCRBY', KEYS[4], 'duplicate', duplicates) end
if #lanes > 0 then redis.call('SADD', KEYS[7], unpack(lanes)) end
if ARGV[4] == 'stream' then
  redis.call('XTRIM', KEYS[2], 'MINID', ARGV[5])
else
  redis.call('LTRIM', KEYS[2], 0, -going - 1)
end
if #woken > 0 then redis.call('PUBLISH', ARGV[8], table.concat(woken, ',')) end
return {1, accepted, duplicates, generation}
