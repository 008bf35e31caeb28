-- Keeps members present for longer; returns those that are not present (any more).
-- KEYS entries
-- ARGV ttl in ms, members
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local expiry = string.format('%.0f', now + ARGV[1])
local gone = {}
for i = 2, #ARGV do
  local entry = redis.call('HGET', KEYS[1], ARGV[i])
  local space = entry and string.find(entry, ' ', 1, true)
  if space and tonumber(string.sub(entry, 1, space - 1)) > now then
    redis.call('HSET', KEYS[1], ARGV[i], expiry .. string.sub(entry, space))
  else
    gone[#gone + 1] = ARGV[i]
  end
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return gone
