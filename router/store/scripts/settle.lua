-- Ends what was attempted in one lane, at once and only for the shard's owner. Repeating it counts nothing twice.
-- Returns 1, or -1 when the lease is not ours any more.
--
-- KEYS: lease, lane, dead letters, tries, ledger, hour
-- ARGV: token, lane, now ms,
--       N, N x id                                                      delivered
--       N, N x (id, reason)                                            filtered now (consent was taken again)
--       N, N x (id, reason, status, attempts, first failed ms, shelf)  dead
--       N, N x (id, state)                                             to be tried again
--       N, N x (field, n)                                              other counters (unknown, reordered, ...)
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
local lane, now = ARGV[2], ARGV[3]
local function count(field, n)
  if n > 0 then
    redis.call('HINCRBY', KEYS[5], field, n)
    redis.call('HINCRBY', KEYS[6], field, n)
  end
end
local a = 4
local n = tonumber(ARGV[a])
if n > 0 then
  count(lane .. '|delivered', redis.call('XDEL', KEYS[2], unpack(ARGV, a + 1, a + n)))
  redis.call('HDEL', KEYS[4], unpack(ARGV, a + 1, a + n))
end
a = a + n + 1
n = tonumber(ARGV[a])
for i = a + 1, a + 2 * n, 2 do
  count(lane .. '|filtered|' .. ARGV[i + 1], redis.call('XDEL', KEYS[2], ARGV[i]))
  redis.call('HDEL', KEYS[4], ARGV[i])
end
a = a + 2 * n + 1
n = tonumber(ARGV[a])
for i = a + 1, a + 6 * n, 6 do
  local entry = redis.call('XRANGE', KEYS[2], ARGV[i], ARGV[i])[1]
  if entry then
    local fields = entry[2]
    for _, value in ipairs({'reason', ARGV[i + 1], 'status', ARGV[i + 2], 'attempts', ARGV[i + 3],
        'first_failed_at', ARGV[i + 4], 'at', now}) do fields[#fields + 1] = value end
    if ARGV[i + 5] ~= '' then fields[#fields + 1] = 'shelf'; fields[#fields + 1] = ARGV[i + 5] end
    redis.call('XADD', KEYS[3], '*', unpack(fields))
    count(lane .. '|dead', redis.call('XDEL', KEYS[2], ARGV[i]))
  end
  redis.call('HDEL', KEYS[4], ARGV[i])
end
a = a + 6 * n + 1
n = tonumber(ARGV[a])
if n > 0 then redis.call('HSET', KEYS[4], unpack(ARGV, a + 1, a + 2 * n)) end
a = a + 2 * n + 1
for i = a + 1, a + 2 * tonumber(ARGV[a]), 2 do count(lane .. '|' .. ARGV[i], tonumber(ARGV[i + 1])) end
redis.call('EXPIRE', KEYS[6], 691200)
return 1
