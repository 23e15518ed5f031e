-- Moves a batch of routed arrivals from an intake into the lanes: at once, once, and only for the intake's owner.
-- Repeating it is a no-op (the position is compared and set). Returns {state, accepted, duplicates, generation}; state is
-- 1 done, 0 it had been done already, -1 the lease is not ours any more, -2 the position is not the one expected,
-- -3 a preference is not what it was when its change was made of it: nothing is done. Nothing is done either where an error says
-- which key is of a strange type.
--
-- KEYS: lease, intake, position, marks, lanes, intakes, preferences
-- ARGV: what moving.lua says, the intake's name, P, P x (turn, before, after) of preferences (before '' is none), and what
--       placing.lua says.
local state = unmoved()
if state then return {state, 0, 0, 0} end
local preferred = 8 + 3 * tonumber(ARGV[7])
for p = 8, preferred - 1, 3 do
  if (redis.call('HGET', KEYS[7], ARGV[p]) or '') ~= ARGV[p + 1] then return {-3, 0, 0, 0} end
end
local wrong = strange(preferred, KEYS[4], {
  {ARGV[4] == 'stream' and 'XLEN' or 'LLEN', KEYS[2]}, {'SISMEMBER', KEYS[5], ''}, {'SISMEMBER', KEYS[6], ''},
})
if wrong then return wrong end
move()
for p = 8, preferred - 1, 3 do redis.call('HSET', KEYS[7], ARGV[p], ARGV[p + 2]) end
redis.call('SADD', KEYS[6], ARGV[4] .. ':' .. ARGV[6])
local done = place(preferred, KEYS[4], {}, {})
local lanes = tonumber(ARGV[preferred + 7])
if lanes > 0 then redis.call('SADD', KEYS[5], unpack(ARGV, preferred + 8, preferred + 7 + lanes)) end
return done
