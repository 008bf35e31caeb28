// Talks to the echo server with the npm socket.io-client over the transports named, and prints what it saw as JSON.
import { io } from 'socket.io-client';

const [url, transports] = process.argv.slice(2);
const options = { transports: transports.split(','), forceNew: true, reconnection: false };

const once = (socket, name) => new Promise((resolve) => socket.once(name, (...args) => resolve(args)));

const socket = io(url, { ...options, auth: { token: '123' } });
let began;
const upgraded = new Promise((resolve) => {
  socket.io.on('open', () => {
    began = socket.io.engine.transport.name;
    socket.io.engine.once('upgrade', (transport) => resolve(transport.name));
  });
});
const auth = await once(socket, 'auth');

// Sent without waiting and, where there is an upgrade, all through it.
const order = [];
socket.on('message-back', (number) => order.push(number));
let sent = 0;
const send = () => socket.emit('message', sent++);
const more = setInterval(send, 1);
for (let number = 0; number < 50; number++) send();
if (options.transports.length > 1) await upgraded;
clearInterval(more);
for (let number = 0; number < 50; number++) send();
while (order.length < sent) await once(socket, 'message-back');
socket.off('message-back');

async function back(...args) {
  const answer = once(socket, 'message-back');
  socket.emit('message', ...args);
  return answer;
}

const hex = (args) => args.map((arg) => (Buffer.isBuffer(arg) ? { hex: arg.toString('hex') } : arg));
const bytes = Buffer.from([0, 1, 254, 255]);
const large = Buffer.alloc(700_000, 'ab');
const texts = await back('ñandú 🌎', { deep: [null, 1.5, ''] });
const binary = await back('two', bytes, { inside: [Buffer.alloc(0)] });
const [text] = await back('é'.repeat(400_000));
const [blob] = await back(large);
const ack = await socket.timeout(10_000).emitWithAck('message-with-ack', 'once');
const [binaryAck] = await new Promise((resolve) => socket.emit('message-with-ack', bytes, (...args) => resolve(args)));

socket.on('question', (text, data, reply) => reply(`${text}?`, data));
const answer = once(socket, 'answer');
socket.emit('ask', 'how many', bytes);
const answered = await answer;

const custom = socket.io.socket('/custom', { auth: { token: 'abc' } });
const customAuth = await once(custom, 'auth');
const unknown = socket.io.socket('/random', {});
const [refusal] = await once(unknown, 'connect_error');

let pings = 0;
await new Promise((resolve) => socket.io.on('ping', () => ++pings === 3 && resolve()));

const ends = once(socket, 'disconnect');
socket.emit('send-away');
const [reason] = await ends;
const ended = socket.io.engine.transport.name;
const customStays = custom.connected;
const [left] = await Promise.all([once(custom, 'disconnect'), custom.disconnect()]);

console.log(
  JSON.stringify({
    began,
    ended,
    auth,
    inOrder: order.every((number, place) => number === place),
    texts,
    binary: [...hex(binary.slice(0, 2)), hex(binary[2].inside)],
    large: [text === 'é'.repeat(400_000), large.equals(blob)],
    ack,
    binaryAck: binaryAck.toString('hex'),
    answered: hex(answered),
    customAuth,
    refusal: refusal.message,
    reason,
    customStays,
    left: left[0],
  }),
);
