-- Members and their meta, in turn; entries whose time is over are removed.
-- KEYS entries
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local entries = redis.call('HGETALL', KEYS[1])
local present = {}
for i = 1, #entries, 2 do
  local entry = entries[i + 1]
  local space = string.find(entry, ' ', 1, true)
  if tonumber(string.sub(entry, 1, space - 1)) > now then
    present[#present + 1] = entries[i]
    present[#present + 1] = string.sub(entry, space + 1)
  else
    redis.call('HDEL', KEYS[1], entries[i])
  end
end
return present
