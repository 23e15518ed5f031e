-- Notes which shard each arrival of a batch goes to, before any has it. What an earlier try noted stays: another release or
-- configuration may route an arrival elsewhere, and the shard of that try may have taken it.
-- KEYS: lease, intake, position, plan (a position, then the shards of the arrivals behind it). ARGV: token, expected position,
-- how many arrivals, the shard of each. Returns {1, shard ...}, or {what moving.lua says}.
local state = unmoved()
if state then return {state} end
local words, planned = {}, {1}
for word in string.gmatch(redis.call('GET', KEYS[4]) or '', '%d+') do words[#words + 1] = word end
local gone = tonumber(ARGV[2]) - tonumber(words[1] or ARGV[2])
if gone >= 0 then
  for n = gone + 2, #words do planned[#planned + 1] = words[n] end
end
for n = #planned, tonumber(ARGV[3]) do planned[n + 1] = ARGV[n + 3] end
redis.call('SET', KEYS[4], ARGV[2] .. ' ' .. table.concat(planned, ' ', 2))
return planned
