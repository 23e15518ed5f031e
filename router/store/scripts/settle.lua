-- Ends what was attempted in a shard's lanes, at once and only for its owner. Repeating it counts nothing twice but the
-- other counters.
-- Returns 1, or -1 when the lease is not ours any more.
--
-- KEYS: lease, ledger, hour, then for each lane: lane, dead letters, tries
-- ARGV: token, now ms, then for each lane: its name,
--       N, N x id                                                      delivered
--       N, N x (id, reason)                                            filtered now (consent was taken again)
--       N, N x (id, reason, status, attempts, first failed ms, shelf)  dead
--       N, N x (id, state)                                             to be tried again
--       N, N x (field, n)                                              other counters (unknown, reordered, ...)
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
redis.call('PERSIST', KEYS[2])  -- works in a full store too: see heartbeat.lua
local now = ARGV[2]
local function count(field, n)
  if n > 0 then
    redis.call('HINCRBY', KEYS[2], field, n)
    redis.call('HINCRBY', KEYS[3], field, n)
  end
end

local function bury(lane, dead, id, reason, status, attempts, first_failed, shelf)
  local entry = redis.call('XRANGE', lane, id, id)[1]
  if not entry then return 0 end
  local fields = entry[2]
  for _, value in ipairs({'reason', reason, 'status', status, 'attempts', attempts,
      'first_failed_at', first_failed, 'at', now}) do fields[#fields + 1] = value end
  if shelf ~= '' then fields[#fields + 1] = 'shelf'; fields[#fields + 1] = shelf end
  redis.call('XADD', dead, '*', unpack(fields))
  return redis.call('XDEL', lane, id)
end

local a = 3
for k = 4, #KEYS, 3 do
  local lane, dead, tries, name = KEYS[k], KEYS[k + 1], KEYS[k + 2], ARGV[a]
  local failing = redis.call('EXISTS', tries) == 1
  local function forget(...) if failing then redis.call('HDEL', tries, ...) end end
  a = a + 1
  local n = tonumber(ARGV[a])
  if n > 0 then
    count(name .. '|delivered', redis.call('XDEL', lane, unpack(ARGV, a + 1, a + n)))
    forget(unpack(ARGV, a + 1, a + n))
  end
  a = a + n + 1
  n = tonumber(ARGV[a])
  for i = a + 1, a + 2 * n, 2 do
    count(name .. '|filtered|' .. ARGV[i + 1], redis.call('XDEL', lane, ARGV[i]))
    forget(ARGV[i])
  end
  a = a + 2 * n + 1
  n = tonumber(ARGV[a])
  for i = a + 1, a + 6 * n, 6 do
    count(name .. '|dead', bury(lane, dead, unpack(ARGV, i, i + 5)))
    forget(ARGV[i])
  end
  a = a + 6 * n + 1
  n = tonumber(ARGV[a])
  if n > 0 then redis.call('HSET', tries, unpack(ARGV, a + 1, a + 2 * n)) end
  a = a + 2 * n + 1
  n = tonumber(ARGV[a])
  for i = a + 1, a + 2 * n, 2 do count(name .. '|' .. ARGV[i], tonumber(ARGV[i + 1])) end
  a = a + 2 * n + 1
end
redis.call('EXPIRE', KEYS[3], 691200)
return 1
