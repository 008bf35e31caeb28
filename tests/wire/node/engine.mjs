// Talks to the echo server with the npm engine.io-client over the transports named, and prints what it saw as JSON.
import { Socket } from 'engine.io-client';

const [url, transports] = process.argv.slice(2);
const names = transports.split(',');
const socket = new Socket(url, { path: '/engine.io/', transports: names });
socket.binaryType = 'nodebuffer';

const once = (name) => new Promise((resolve) => socket.once(name, resolve));

await once('open');
const began = socket.transport.name;
const upgraded = names.length > 1 ? once('upgrade') : null;

const heard = [];
socket.on('message', (data) => heard.push(data));
let sent = 0;
const send = () => socket.send(sent % 5 ? `${sent}` : Buffer.from(`${sent}`)) && sent++;
const more = setInterval(send, 1);
for (let number = 0; number < 50; number++) send();
await upgraded;
clearInterval(more);
for (let number = 0; number < 50; number++) send();
while (heard.length < sent) await once('message');
const inOrder = heard.every((data, place) => `${data}` === `${place}` && Buffer.isBuffer(data) === (place % 5 === 0));

async function back(data) {
  const answer = once('message');
  socket.send(data);
  return answer;
}

const text = 'ñ'.repeat(400_000);
const large = Buffer.alloc(700_000, 'ab');
const same = [(await back(text)) === text, large.equals(await back(large))];

let pings = 0;
await new Promise((resolve) => socket.on('ping', () => ++pings === 3 && resolve()));

const ended = socket.transport.name;
const end = new Promise((resolve) => socket.once('close', (reason) => resolve(reason)));
socket.send('close-me');
const reason = await end;

const other = new Socket(url, { path: '/engine.io/', transports: names });
await new Promise((resolve) => other.once('open', resolve));
const closed = new Promise((resolve) => other.once('close', (reason) => resolve(reason)));
other.close();
console.log(JSON.stringify({ began, ended, inOrder, same, reason, own: await closed }));
