// Two npm clients on two nodes of docs/ADAPTER.md's application; prints what they saw as one JSON object.
import { io } from 'socket.io-client';

const [first, second, transports] = process.argv.slice(2);
const options = { transports: transports.split(','), forceNew: true, reconnection: false };
const once = (socket, name) => new Promise((resolve) => socket.once(name, (...args) => resolve(args)));
const ask = (socket, ...args) => socket.timeout(10_000).emitWithAck(...args);

const [a, b] = [first, second].map((url) => io(url, options));
await Promise.all([a, b].map((socket) => once(socket, 'connect')));
b.on('question', (question, answer) => answer(`${question} indeed`));
for (const socket of [a, b]) await ask(socket, 'join', 'lobby');

const heard = once(b, 'said');
await ask(a, 'say', 'lobby', 'ñandú', Buffer.from([0, 255]));
const [text, bytes] = await heard;
const answer = await ask(a, 'ask', b.id, 'really?');
const worker = Promise.all([a, b].map((socket) => once(socket, 'said')));
console.error('ready');
const told = (await worker).flat();
const gone = once(b, 'disconnect');
await ask(a, 'kick', b.id);
const [reason] = await gone;
a.close();
console.log(JSON.stringify({ text, bytes: bytes.toString('hex'), answer, told, reason }));
