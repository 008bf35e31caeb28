-- Makes a member present until its time is over. An entry is "expiry in ms, space, meta", by the server's clock.
-- KEYS entries
-- ARGV ttl in ms, member, meta
local time = redis.call('TIME')
local expiry = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
redis.call('HSET', KEYS[1], ARGV[2], string.format('%.0f ', expiry) .. ARGV[3])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
