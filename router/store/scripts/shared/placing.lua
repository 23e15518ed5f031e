-- Shared by hand_off and take: puts routed arrivals into the lanes of their shards, or onto their shelves, and counts them.
-- What a script wrote before an error stays written. So `strange` looks first at all that will be written to, and returns an
-- error that names the first key of another type than the router's; it looks at `also`, a list of (command, key ...), as well.
-- The keys of marks and hours do no harm: what is of another type knows no event, or counts none, and expires like them.
-- Those that `had_unread` and `had_events` know (by their places in the batch) are left out: they were put there before.
-- Returns {state 1, accepted, duplicates, generation}.
-- ARGV from a: prefix, hour, wake channel, now ms, generation ms, generation's marks, keep marks ms,
--       L, L lanes,
--       U, U x (shard, reason, raw, origin, source, received ms, at ms)               the unreadable ones
--       E, E x (shard, turn, bucket, fingerprint, sends, skips, deads, shelved, B, B x body)
--         sends "lane=body ...", skips "lane=reason ...", deads "lane=reason ..." with lanes and bodies counted from 1;
--         the body of a dead one is the last; bucket '' bypasses the marks; shelved '' or the raw arrival kept for the dead.
local function strange(a, marks_key, also)
  local looked, homes, wrong = {}, {}, nil
  local function look(command, key, ...)
    if looked[key] then return end
    looked[key] = true
    local found = redis.pcall(command, key, ...)
    if type(found) == 'table' and not wrong then
      wrong = string.find(tostring(found['err']), 'WRONGTYPE', 1, true) and {err = 'STRANGEKEY ' .. key} or found
    end
  end
  local prefix = ARGV[a]
  local function home(shard)
    local known = homes[shard]
    if not known then
      known = {at = prefix .. ':{' .. shard .. '}:'}
      homes[shard] = known
      look('HLEN', known.at .. 'ledger')
    end
    return known
  end
  look('HLEN', marks_key)
  for _, one in ipairs(also) do look(unpack(one)) end
  a = a + 7
  local lanes = a
  a = a + tonumber(ARGV[a]) + 1
  for _ = 1, tonumber(ARGV[a]) do
    look('XLEN', home(ARGV[a + 1]).at .. 'shelf')
    a = a + 7
  end
  a = a + 1
  for _ = 1, tonumber(ARGV[a]) do
    local known, sends, deads = home(ARGV[a + 1]), ARGV[a + 5], ARGV[a + 7]
    if not known[sends] then
      known[sends] = true
      for l in string.gmatch(sends, '(%d+)=') do look('XLEN', known.at .. 'lane:' .. ARGV[lanes + tonumber(l)]) end
    end
    if deads ~= '' then
      look('XLEN', known.at .. 'shelf')
      for l in string.gmatch(deads, '(%d+)=') do look('XLEN', known.at .. 'dead:' .. ARGV[lanes + tonumber(l)]) end
    end
    a = a + 9 + tonumber(ARGV[a + 9])
  end
  return wrong
end
local function place(a, marks_key, had_unread, had_events)
  local prefix, hour, wake, now = ARGV[a], ARGV[a + 1], ARGV[a + 2], tonumber(ARGV[a + 3])
  local marks = redis.call('HMGET', marks_key, 'generation', 'since', 'count')
  local generation, since, marked = tonumber(marks[1] or '0'), tonumber(marks[2] or '0'), tonumber(marks[3] or '0')
  if now - since >= tonumber(ARGV[a + 4]) or marked >= tonumber(ARGV[a + 5]) then
    generation, since, marked = generation + 1, now, 0
    redis.call('HSET', marks_key, 'generation', generation, 'since', since)
  end
  local keep, lanes, counts, accepted, duplicates, touched = ARGV[a + 6], {}, {}, 0, 0, {}
  local function count(shard, field)
    local fields = counts[shard]
    if not fields then fields = {}; counts[shard] = fields end
    fields[field] = (fields[field] or 0) + 1
  end
  local function known(bucket, fingerprint)
    if bucket == '' then return false end
    for g = generation - 1, math.max(1, generation - 4), -1 do
      if redis.pcall('SISMEMBER', marks_key .. ':' .. g .. ':' .. bucket, fingerprint) == 1 then return true end
    end
    local key = marks_key .. ':' .. generation .. ':' .. bucket
    touched[key] = true
    return redis.pcall('SADD', key, fingerprint) == 0
  end

  a = a + 7
  for n = 1, tonumber(ARGV[a]) do lanes[n] = ARGV[a + n] end
  a = a + #lanes + 1
  local unread = tonumber(ARGV[a])
  a = a + 1
  for n = 1, unread do
    if not had_unread[n] then
      redis.call('XADD', prefix .. ':{' .. ARGV[a] .. '}:shelf', '*', 'reason', ARGV[a + 1], 'raw', ARGV[a + 2],
        'origin', ARGV[a + 3], 'source', ARGV[a + 4], 'received_at', ARGV[a + 5], 'at', ARGV[a + 6])
      count(ARGV[a], 'shelved|' .. ARGV[a + 1])
    end
    a = a + 7
  end

  local events = tonumber(ARGV[a])
  a = a + 1
  for n = 1, events do
    local shard, turn, bodies = ARGV[a], ARGV[a + 1], tonumber(ARGV[a + 8])
    local body = a + 8
    if had_events[n] then
      -- it was placed before
    elseif known(ARGV[a + 2], ARGV[a + 3]) then
      duplicates = duplicates + 1
      count(shard, 'duplicate')
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
        local shelf = redis.call('XADD', home .. 'shelf', '*', 'reason', 'policy_error', 'raw', ARGV[a + 7], 'at', now)
        for l, reason in string.gmatch(ARGV[a + 6], '(%d+)=(%S+)') do
          redis.call('XADD', home .. 'dead:' .. lanes[tonumber(l)], '*', 'u', turn, 'd', ARGV[body + bodies],
            'reason', reason, 'at', now, 'shelf', shelf)
          count(shard, lanes[tonumber(l)] .. '|dead')
        end
        count(shard, 'kept')
      end
    end
    a = body + bodies + 1
  end

  for key in pairs(touched) do redis.call('PEXPIRE', key, keep) end
  redis.call('HSET', marks_key, 'count', marked + accepted)
  local woken = {}
  for shard, fields in pairs(counts) do
    local ledger, hourly = prefix .. ':{' .. shard .. '}:ledger', prefix .. ':{' .. shard .. '}:hour:' .. hour
    if fields['accepted'] then
      woken[#woken + 1] = shard
      for n = 1, #lanes do fields[lanes[n] .. '|configured'] = fields['accepted'] end
    end
    for field, n in pairs(fields) do
      redis.call('HINCRBY', ledger, field, n)
      redis.pcall('HINCRBY', hourly, field, n)
    end
    redis.call('EXPIRE', hourly, 691200)
  end
  if #woken > 0 then redis.call('PUBLISH', wake, table.concat(woken, ',')) end
  return {1, accepted, duplicates, generation}
end
