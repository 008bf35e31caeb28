-- Tells a channel its base, unless it is as far already.
-- KEYS state, log
-- ARGV gen, epoch, seq, the state's age in ms
local known = redis.call('HMGET', KEYS[1], 'gen', 'epoch', 'seq')
local gen, seq = tonumber(ARGV[1]), tonumber(ARGV[3])
if known[1] then
  local known_gen = tonumber(known[1])
  if gen < known_gen or (gen == known_gen and (ARGV[2] ~= known[2] or seq <= tonumber(known[3]))) then
    return
  end
end
redis.call('DEL', KEYS[2])
redis.call('HSET', KEYS[1], 'gen', gen, 'epoch', ARGV[2], 'seq', seq)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
