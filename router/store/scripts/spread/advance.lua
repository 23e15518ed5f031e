-- Moves an intake's position behind a batch that its shards have taken; only for the intake's owner.
-- KEYS and ARGV: what moving.lua says. Returns 1 done, else what moving.lua says.
local state = unmoved()
if state then return state end
move()
return 1
