-- Replaces a dead letter without a payload by what its destination may see of the original, now that the policy is mended.
-- KEYS: dead letters, lane, ledger, hour. ARGV: lane, shard, wake channel, id, turn, body ('' when it is filtered now), reason.
if redis.call('XDEL', KEYS[1], ARGV[4]) == 0 then return 0 end
for k = 3, 4 do redis.call('HINCRBY', KEYS[k], ARGV[1] .. '|replayed', 1) end
if ARGV[6] == '' then
  for k = 3, 4 do redis.call('HINCRBY', KEYS[k], ARGV[1] .. '|filtered|' .. ARGV[7], 1) end
else
  redis.call('XADD', KEYS[2], '*', 'u', ARGV[5], 'd', ARGV[6], 'n', 1)
  redis.call('PUBLISH', ARGV[3], ARGV[2])
end
redis.call('EXPIRE', KEYS[4], 691200)
return 1
