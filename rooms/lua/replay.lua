-- The messages after a position, or false if they are not all here.
-- KEYS state, log
-- ARGV epoch, seq
local known = redis.call('HMGET', KEYS[1], 'epoch', 'seq')
if known[1] ~= ARGV[1] then
  return false
end
local missed = tonumber(known[2]) - tonumber(ARGV[2])
if missed < 0 or missed > redis.call('LLEN', KEYS[2]) then
  return false
end
if missed == 0 then
  return {}
end
return redis.call('LRANGE', KEYS[2], -missed, -1)
