-- Takes tokens out of a bucket that fills by the server's clock; a bucket of which nothing is known is full.
-- KEYS bucket
-- ARGV tokens a second, most that it holds, how many are taken if they are there, how many whether they are or not
--   (less than 0: put back)
-- Returns 0 or the microseconds until there would be enough, and millionths of tokens that are left.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local rate, most, cost, owed = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = most
if known[1] then
  tokens = math.min(most, tonumber(known[1]) + math.max(0, now - tonumber(known[2])) * rate / 1000000)
end
tokens = math.min(most, tokens - owed)
local wait = 0
if tokens + 0.000001 < cost then
  -- A script's time may be a millisecond old, so the one that asks again may find less passed than has.
  wait = math.ceil((cost - tokens) / rate * 1000000) + 1000
else
  tokens = tokens - cost
end
if wait == 0 or owed ~= 0 then
  redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.0f', now))
  redis.call('PEXPIRE', KEYS[1], math.ceil((most - tokens) / rate * 1000) + 1000)
end
return {wait, math.floor(tokens * 1000000)}
