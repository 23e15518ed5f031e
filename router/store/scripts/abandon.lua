-- Makes dead letters of the oldest entries of a lane that nobody delivers any more. Returns how many; 0 when it is empty.
-- KEYS: lane, dead letters, tries, ledger, hour. ARGV: lane, now ms, reason, how many at most.
redis.call('PERSIST', KEYS[4])  -- works in a full store too: see heartbeat.lua
local entries = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', ARGV[4])
for _, entry in ipairs(entries) do
  local id, fields = entry[1], entry[2]
  local try = redis.call('HGET', KEYS[3], id) or ''
  local attempts, first_failed = string.match(try, '^(%d+) (%d+) ')
  for _, value in ipairs({'reason', ARGV[3], 'status', '', 'attempts', attempts or '0',
      'first_failed_at', first_failed or '', 'at', ARGV[2]}) do fields[#fields + 1] = value end
  redis.call('XADD', KEYS[2], '*', unpack(fields))
  redis.call('XDEL', KEYS[1], id)
  redis.call('HDEL', KEYS[3], id)
end
if #entries > 0 then
  for k = 4, 5 do redis.call('HINCRBY', KEYS[k], ARGV[1] .. '|dead', #entries) end
  redis.call('EXPIRE', KEYS[5], 691200)
end
return #entries
