-- Gives back a lease that is still ours. KEYS: lease, and where owners' ends are minded the note of who has it, and suspects.
-- ARGV: token, 1 to forget how earlier owners ended. Returns 1, or 0 when it was not ours.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if KEYS[2] and ARGV[2] == '1' then
  redis.call('DEL', KEYS[2], KEYS[3])
elseif KEYS[2] then
  local note = redis.call('GET', KEYS[2])
  if note then redis.call('SET', KEYS[2], string.match(note, '^%S+ ')) end
end
return 1
