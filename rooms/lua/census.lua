-- A digest of who is present and with what meta.
-- KEYS entries
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local entries = redis.call('HGETALL', KEYS[1])
local present = {}
for i = 1, #entries, 2 do
  local entry = entries[i + 1]
  local space = string.find(entry, ' ', 1, true)
  if tonumber(string.sub(entry, 1, space - 1)) > now then
    present[#present + 1] = entries[i] .. string.sub(entry, space)
  end
end
table.sort(present)
return string.sub(redis.sha1hex(table.concat(present, '\n')), 1, 16)
