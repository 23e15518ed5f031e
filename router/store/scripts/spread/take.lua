-- Takes what is a shard's of a batch: each arrival once, however often and in whatever batches it is brought.
-- The shard keeps of an intake: how far that was when a batch began, the place of the last arrival it saw, and the numbers in
-- between that it took. What it saw and did not take was another's then, and is taken if it is ours by now: another release or
-- configuration may route it elsewhere. A number seen under a later id is new: the intake lost its position.
-- Returns {1, accepted, duplicates, generation}; generation is 0 when it had everything.
-- An error says which key is of a strange type: nothing is taken then.
-- KEYS: the last places of intakes, marks, and one that never is: with it no server runs this while the slot moves to another,
-- where it would find half of the shard's keys. ARGV: intake, its position, place of the batch's last arrival, then how many places
-- and these: of unreadable ones, and of events; then what placing.lua says. A place is a number, an id's milliseconds and its tail.
local words, mine, new = {}, {}, {}
for word in string.gmatch(redis.call('HGET', KEYS[1], ARGV[1]) or '0 0 0 0', '%d+') do words[#words + 1] = tonumber(word) end
local from, number, head, tail = unpack(words, 1, 4)
for n = 5, #words do mine[words[n]] = true end
local function seen(a)
  local n, h, t = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
  return n <= number and (h < head or h == head and t <= tail)
end
local function had(a)
  local found, count = {}, tonumber(ARGV[a])
  for n = 1, count do
    local at = a + 3 * n - 2
    local one = tonumber(ARGV[at])
    found[n] = seen(at) and (one <= from or mine[one] or false)
    if not found[n] then new[#new + 1] = one end
  end
  return found, a + 1 + 3 * count
end
local unread, a = had(6)
local events, next = had(a)
if #new == 0 then return {1, 0, 0, 0} end

local wrong = strange(next, KEYS[2], {})
if wrong then return wrong end
local position = tonumber(ARGV[2])
if seen(3) then
  from = math.max(from, position)
else
  if position < from then mine = {} end
  from, number, head, tail = position, tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
end
local kept = {string.format('%.0f %.0f %.0f %.0f', from, number, head, tail)}
for _, one in ipairs(new) do mine[one] = true end
for one in pairs(mine) do
  if one > from then kept[#kept + 1] = string.format('%.0f', one) end
end
redis.call('HSET', KEYS[1], ARGV[1], table.concat(kept, ' '))
return place(next, KEYS[2], unread, events)
