-- Moves dead letters back to the tail of their lane, once each. Returns how many moved.
-- KEYS: dead letters, lane, ledger, hour. ARGV: lane, shard, wake channel, ids ...
local moved = 0
for i = 4, #ARGV do
  local entry = redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i])[1]
  if entry then
    local kept, replays = {}, 0
    for f = 1, #entry[2], 2 do kept[entry[2][f]] = entry[2][f + 1] end
    if kept['d'] and not kept['shelf'] then
      replays = tonumber(kept['n'] or '0') + 1
      redis.call('XADD', KEYS[2], '*', 'u', kept['u'], 'd', kept['d'], 'n', replays)
      moved = moved + redis.call('XDEL', KEYS[1], ARGV[i])
    end
  end
end
if moved > 0 then
  for k = 3, 4 do redis.call('HINCRBY', KEYS[k], ARGV[1] .. '|replayed', moved) end
  redis.call('EXPIRE', KEYS[4], 691200)
  redis.call('PUBLISH', ARGV[3], ARGV[2])
end
return moved
