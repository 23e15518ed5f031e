-- Tell which commands, keys and channels the user of this connection may not use; changes nothing.
-- ARGV: commands with all their arguments, as JSON: a half one brings a server of today down.
-- A server before 7.0 cannot be asked this way: then nothing is missing.
local missing = {}
if not redis.acl_check_cmd then return missing end
for _, packed in ipairs(ARGV) do
  local command = cjson.decode(packed)
  if not redis.acl_check_cmd(unpack(command)) then missing[#missing + 1] = packed end
end
return missing
