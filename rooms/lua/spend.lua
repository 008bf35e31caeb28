-- Takes tokens out of a bucket that fills by the server's clock; a bucket of which nothing is known is full.
-- KEYS bucket
-- ARGV tokens a second, most that it holds, how many are taken (less than 0: put back)
-- Returns 0, or microseconds until there are enough, and then takes none.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local rate, most, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local known = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = most
if known[1] then
  tokens = math.min(most, tonumber(known[1]) + math.max(0, now - tonumber(known[2])) * rate / 1000000)
end
if tokens + 0.000001 < cost then
  -- A script's time may be a millisecond old, so the one that asks again may find less passed than has.
  return math.ceil((cost - tokens) / rate * 1000000) + 1000
end
tokens = math.min(most, tokens - cost)
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((most - tokens) / rate * 1000) + 1000)
return 0
