// The npm client loses its connection, as often as the test likes; tells each connect and each fact on a line of JSON.
import { createInterface } from 'node:readline';
import { io } from 'socket.io-client';

const [url, token, transports] = process.argv.slice(2);
const socket = io(url, {
  transports: transports.split(','),
  forceNew: true,
  reconnectionDelay: 50,
  reconnectionDelayMax: 200,
  auth: { token },
});
const tell = (line) => console.log(JSON.stringify(line));

socket.on('connect', () => tell({ connect: socket.id, recovered: socket.recovered }));
socket.on('session.ready', ({ rooms, recovered }) => tell({ ready: rooms.map(({ room }) => room), recovered }));
socket.on('disconnect', (reason) => tell({ disconnect: reason }));
socket.onAny((name, body) => {
  if (body?.id && body.seq !== undefined) tell({ fact: body });
  if (name.startsWith('room.')) tell({ [name]: body });
});

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [name, payload] = JSON.parse(line);
  if (name === 'end') return socket.close() && process.exit(0);
  tell({ ack: await socket.timeout(10_000).emitWithAck(name, payload) });
});
