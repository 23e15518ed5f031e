-- Shared by hand_off and advance: who may move an intake's position, and what of the queue goes then.
-- KEYS: lease, intake, position. ARGV: token, expected position, how many arrivals go, kind (stream | list), id below which
-- the stream goes.
-- Returns nothing where it may be moved, else 0 done already, -1 the lease is not ours, -2 the position is another one.
local function unmoved()
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return -1 end
  local position, expected = tonumber(redis.call('GET', KEYS[3]) or '0'), tonumber(ARGV[2])
  if position == expected + tonumber(ARGV[3]) then return 0 end
  if position ~= expected then return -2 end
end
local function move()
  redis.call('SET', KEYS[3], ARGV[2] + ARGV[3])
  if ARGV[4] == 'stream' then
    redis.call('XTRIM', KEYS[2], 'MINID', ARGV[5])
  else
    redis.call('LTRIM', KEYS[2], 0, -ARGV[3] - 1)
  end
end
