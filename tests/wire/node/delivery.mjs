// Two agents on one quotation with the npm client, and a hotel's inbox; prints what they saw as one JSON object.
import { io } from 'socket.io-client';

const [url, transports, anaToken, brunoToken, plazaToken] = process.argv.slice(2);

function merged(target, patch) {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const result = target !== null && typeof target === 'object' && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

class Person {
  constructor(token, room) {
    this.room = room;
    this.frames = [];
    this.waiting = [];
    this.socket = io(url, { transports: [transports], forceNew: true, reconnection: false, auth: { token } });
    this.socket.onAny((name, body) => this.heard(name, body));
  }

  heard(name, body) {
    this[name] = body;
    if (body?.room === this.room && body.seq !== undefined && body.id) this.take(body);
    this.waiting = this.waiting.filter((check) => !check());
  }

  take(frame) {
    if (frame.epoch !== this.epoch || frame.seq !== this.seq + 1) throw new Error(`${frame.seq} after ${this.seq}`);
    this.seq = frame.seq;
    this.frames.push(frame);
    this.view = merged(this.view, frame.data.change);
  }

  until(condition) {
    return new Promise((resolve) => {
      const check = () => condition() && (resolve(), true);
      if (!check()) this.waiting.push(check);
    });
  }

  ready() {
    return this.until(() => this['session.ready'] && this['inbox.page']);
  }

  ask(name, payload) {
    return this.socket.timeout(10_000).emitWithAck(name, payload);
  }

  fact(name, payload) {
    return this.ask(name, { key: crypto.randomUUID(), ...payload });
  }

  async join(since) {
    const { data } = await this.ask('room.join', { room: this.room, ...(since && { since }) });
    if (!data.recovered) this.view = data.snapshot;
    if (!data.recovered) this.seq = data.seq;
    this.epoch = data.epoch;
    for (const frame of data.events) this.take(frame);
    return data;
  }

  write(field, value) {
    const { id, version } = this.view;
    return this.fact('quotation.edit', { quotation_id: id, base_version: version, changes: [{ field, value }] });
  }

  close() {
    this.socket.close();
  }
}

const items = (person, quotation) => person['inbox.page'].items.filter((item) => item.quotation_id === quotation);

const ana = new Person(anaToken);
await ana.ready();
const terms = { title: 'From npm', destination: 'Cusco', check_in: '2027-03-01', check_out: '2027-03-05', adults: 20 };
const created = { key: crypto.randomUUID(), ...terms, rooms: { double: 10 } };
const once = await ana.ask('quotation.create', created);
const twice = await ana.ask('quotation.create', created);
const quotation = once.data.quotation.id;
ana.room = `quotation:${quotation}`;
const bruno = new Person(brunoToken, ana.room);
await bruno.ready();
await ana.join();
await bruno.join();

const different = await Promise.all([ana.write('internal_notes', 'from Ana'), bruno.write('rooms.double', 11)]);
await Promise.all([ana, bruno].map((one) => one.until(() => one.view.internal_notes && one.view.rooms.double === 11)));
const both = await Promise.all([ana.write('notes', 'Ana'), bruno.write('notes', 'Bruno')]);
await Promise.all([ana, bruno].map((one) => one.until(() => one.view.notes)));

bruno.socket.io.engine.close();
const missed = [];
for (const notes of ['one', 'two', 'three']) {
  await ana.write('notes', notes);
  await ana.until(() => ana.view.notes === notes);
  missed.push(ana.seq);
}
const back = new Person(brunoToken, ana.room);
Object.assign(back, { view: bruno.view, seq: bruno.seq, frames: bruno.frames });
await back.ready();
const replayed = await back.join({ epoch: bruno.epoch, seq: bruno.seq });

async function emptied() {
  for (;;) {
    const plaza = new Person(plazaToken);
    await plaza.ready();
    const ids = plaza['inbox.page'].items.map((item) => item.id);
    await plaza.ask('inbox.ack', { ids });
    plaza.close();
    if (ids.length === 0) return;
  }
}

await emptied();
await ana.fact('quotation.publish', { quotation_id: quotation, hotel_ids: ['plaza'] });
await Promise.all([ana, back].map((one) => one.until(() => one.view.state === 'published')));
const snapshot = (await ana.ask('room.join', { room: ana.room })).data.snapshot;

async function inbox(until) {
  for (;;) {
    const plaza = new Person(plazaToken);
    await plaza.ready();
    const found = items(plaza, quotation);
    if (until(found)) return [plaza, found];
    plaza.close();
  }
}

const [first, waiting] = await inbox((found) => found.length > 0);
first.close();
const [second, waitingStill] = await inbox(() => true);
await second.ask('inbox.ack', { ids: waitingStill.map((item) => item.id) });
second.close();
const [third, waitingNoMore] = await inbox(() => true);
third.close();
ana.close();
back.close();

console.log(
  JSON.stringify({
    once,
    twice,
    different,
    same: both,
    missed,
    replayed,
    frames: { ana: ana.frames, bruno: back.frames },
    views: { ana: ana.view, bruno: back.view },
    snapshot,
    waiting,
    waitingStill,
    waitingNoMore,
  }),
);
