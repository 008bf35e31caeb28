-- Decides on consecutive frames of one channel, keeps the new ones and publishes them: one atomic step.
-- The rules are those of rooms.broker.Broker.append; the memory broker is the same in Python.
-- KEYS state, log
-- ARGV command that publishes, pub/sub channel, most frames to keep, their age in ms, the state's age in ms,
--      then for each frame: gen, seq, epoch, message
-- Returns {outcome, last seq of the generation asked about, or -1}.
local state, log = KEYS[1], KEYS[2]
local known = redis.call('HMGET', state, 'gen', 'epoch', 'seq')
if not known[1] then
  return {'cold', -1}
end

local gen, epoch, seq = tonumber(known[1]), known[2], tonumber(known[3])
local outcome, appended, has = 'stale', false, nil

for i = 6, #ARGV, 4 do
  local frame_gen, frame_seq = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local frame_epoch, message = ARGV[i + 2], ARGV[i + 3]
  local taken = 'appended'
  if frame_gen > gen then
    if frame_seq > 1 then
      taken = 'gap'
    else
      redis.call('DEL', log)
      gen, epoch = frame_gen, frame_epoch
    end
  elseif frame_gen < gen or frame_epoch ~= epoch then
    taken = 'stale'
  elseif frame_seq <= seq then
    taken = 'duplicate'
  elseif frame_seq > math.max(seq, 0) + 1 then
    taken = 'gap'
  end

  if taken == 'gap' then
    outcome = 'gap'
    has = frame_gen > gen and 0 or math.max(seq, 0)
    break
  end
  if taken == 'appended' then
    seq = frame_seq
    if seq > 0 then
      redis.call('RPUSH', log, message)
    end
    redis.call(ARGV[1], ARGV[2], message)
    appended = true
  end
  if outcome ~= 'appended' then
    outcome = taken
  end
end

if appended then
  redis.call('LTRIM', log, -tonumber(ARGV[3]), -1)
  redis.call('PEXPIRE', log, ARGV[4])
  redis.call('HSET', state, 'gen', gen, 'epoch', epoch, 'seq', seq)
  redis.call('PEXPIRE', state, ARGV[5])
end
if outcome == 'stale' then
  return {outcome, -1}
end
return {outcome, has or seq}
