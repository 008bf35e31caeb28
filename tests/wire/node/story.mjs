// Plays one story with the npm client over the transports named, and prints what it saw as one JSON object.
import { io } from 'socket.io-client';

const [url, token, transports] = process.argv.slice(2);
const options = { transports: transports.split(','), reconnection: false, forceNew: true };
const log = [];

function open(auth) {
  const socket = io(url, { ...options, auth });
  socket.onAny((name, body) => log.push({ event: name, room: body?.room, seq: body?.seq }));
  return socket;
}

const once = (socket, name) => new Promise((resolve) => socket.once(name, resolve));

const frameWith = (socket, name, test) =>
  new Promise((resolve) => socket.on(name, (body) => (test(body) ? resolve(body) : undefined)));

async function command(socket, name, payload) {
  const answer = await socket.timeout(10_000).emitWithAck(name, payload);
  log.push({ ack: name, room: payload.room });
  return answer;
}

const refused = open({ token: 'not-a-token' });
const error = await once(refused, 'connect_error');
refused.close();

const socket = open({ token });
const ready = await once(socket, 'session.ready');
const transport = socket.io.engine.transport.name;
const created = await command(socket, 'quotation.create', { key: crypto.randomUUID(), title: 'From npm' });
const id = created.data.quotation.id;
const room = `quotation:${id}`;
const joined = await command(socket, 'room.join', { room });
const edited = frameWith(socket, 'quotation.edited', (frame) => frame.room === room);
const answer = await command(socket, 'quotation.edit', {
  key: crypto.randomUUID(),
  quotation_id: id,
  base_version: joined.data.snapshot.version,
  changes: [{ field: 'notes', value: 'ñandú 🌎' }],
});
const frame = await edited;
const unknown = await command(socket, 'no.such_command', {});
if (options.transports.length > 1 && socket.io.engine.transport.name === 'polling') {
  await once(socket.io.engine, 'upgrade');
}
const upgraded = socket.io.engine.transport.name;
socket.close();

const again = open({ token });
await once(again, 'session.ready');
const since = { epoch: joined.data.epoch, seq: joined.data.seq };
const replayed = await command(again, 'room.join', { room, since });
again.close();

console.log(
  JSON.stringify({
    refused: { message: error.message, data: error.data },
    ready,
    transport,
    upgraded,
    joined: joined.data,
    answer,
    frame,
    unknown,
    replayed: replayed.data,
    log,
  }),
);
