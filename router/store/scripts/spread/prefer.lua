-- Writes what preferences become. Returns 1, or -3 when one is neither what it was nor what it becomes: nothing is written.
-- KEYS: preferences. ARGV: P, P x (turn, before, after); before '' is none.
for p = 2, #ARGV, 3 do
  local now = redis.call('HGET', KEYS[1], ARGV[p]) or ''
  if now ~= ARGV[p + 1] and now ~= ARGV[p + 2] then return -3 end
end
for p = 2, #ARGV, 3 do redis.call('HSET', KEYS[1], ARGV[p], ARGV[p + 2]) end
return 1
