import { expect, it } from 'vitest';
import { aliveOf, commandsOf, delayOf, follow, KEPT, laggingOf, ratesOf, refusalsOf, rolesOf, totalsOf, WORST, type Ops, type Process } from './ops';

type NodeFigures = NonNullable<Process['node']>;

const NODE: NodeFigures = {
  connections: 3,
  rooms: 4,
  channels: 5,
  behind: 1,
  unsent_bytes: 0,
  deliveries: 100,
  timed: 4,
  timed_seconds: 1,
  repairs: 0,
  resets: 0,
  slow_readers: 2,
  signals_dropped: 0,
  malformed: 0,
  shed: 0,
  requests: 9,
  commands: { 'room.join': { count: 10, refused: 2, seconds: 0.25 } },
  refusals: { 'room.forbidden': 2 },
  lagging: [],
};

const process = (id: string, second: number, more: Partial<Process> = {}): Process => ({
  id,
  alive: true,
  age: 0,
  at: `2026-11-01T00:00:${String(second).padStart(2, '0')}Z`,
  started_at: '2026-11-01T00:00:00Z',
  host: 'here',
  pid: 1,
  tasks: 1,
  open_files: 1,
  memory_bytes: 1,
  cpu_seconds: second / 2,
  node: NODE,
  relay: null,
  worker: null,
  ...more,
});

const ops = (...processes: Process[]): Ops => ({
  at: '2026-11-01T00:00:00Z',
  broker: true,
  workflows: { queues: {}, running: [] },
  outbox: { waiting: 0, oldest: 0 },
  processes,
});

it('tells rates by the clock of the process itself', () => {
  const busy = { ...NODE, deliveries: 300, commands: { 'room.join': { count: 14, refused: 3, seconds: 0.1 } } };
  expect(ratesOf(process('a', 2), process('a', 4, { node: busy }))).toEqual({
    commands: 2,
    refusals: 0,
    deliveries: 100,
    timed: 0,
    timedSeconds: 0,
    frames: 0,
    cpu: 0.5,
  });
  expect(ratesOf(process('a', 2), process('a', 2))).toBeNull();
});

it('follows each process, and all that live together, for two minutes', () => {
  let seen = follow(null, ops(process('a', 0), process('b', 0)));
  expect(seen.past).toEqual([]);
  for (let read = 1; read <= KEPT + 5; read += 1) {
    const at = new Date(Date.UTC(2026, 10, 1) + read * 2000).toISOString();
    const told = { at, cpu_seconds: read };
    seen = follow(seen, ops(process('a', 0, told), process('b', 0, { ...told, alive: read < KEPT })));
  }
  expect(seen.processes.map(({ past }) => past.length)).toEqual([KEPT, KEPT]);
  expect(seen.past.map(({ cpu }) => cpu).slice(0, 1)).toEqual([1]);
  expect(seen.past.at(-1)!.cpu).toBe(0.5);
});

it('shows nodes before relays before workers', () => {
  const relay = { node: null, relay: { lag: 0, rows: 0, frames: 0, failures: 0, outages: 0 } };
  const seen = follow(null, ops(process('w', 0, { node: null, worker: { due: 0, turns: 0, failed: 0, dead: 0, taken_over: 0 } }), process('r', 0, relay), process('n', 0), process('m', 0)));
  expect(seen.processes.map((one) => one.process.id)).toEqual(['n', 'm', 'r', 'w']);
});

it('adds no point for a reading that is the same as before', () => {
  const once = follow(follow(null, ops(process('a', 0))), ops(process('a', 2)));
  expect(follow(once, ops(process('a', 2))).processes[0]!.past).toHaveLength(1);
});

it('tells how long facts took, of the last that were timed', () => {
  const timed = { ...NODE, timed: 8, timed_seconds: 1.25 };
  const once = follow(follow(null, ops(process('a', 0))), ops(process('a', 2, { node: timed })));
  expect(delayOf(once.past)).toBe(62.5);
  expect(delayOf(follow(once, ops(process('a', 4, { node: timed }))).past)).toBe(62.5);
  expect(delayOf([])).toBeNull();
});

it('counts those that live', () => {
  const all = ops(process('a', 0), process('b', 0), process('c', 0, { alive: false }), process('d', 0, { node: null, relay: { lag: 0, rows: 0, frames: 0, failures: 0, outages: 0 } }));
  expect(totalsOf(all)).toEqual({ connections: 6, behind: 2, slow_readers: 4 });
  expect([aliveOf(all, 'node'), aliveOf(all, 'relay'), aliveOf(all, 'worker')]).toEqual([2, 1, 0]);
  expect(rolesOf(all.processes[3]!)).toEqual(['relay']);
});

it('adds up what was commanded and refused', () => {
  const other = { ...NODE, commands: { 'room.join': { count: 30, refused: 0, seconds: 0.375 }, 'room.leave': { count: 1, refused: 0, seconds: 0 } }, refusals: { internal: 5 } };
  const all = ops(process('a', 0), process('b', 0, { node: other }));
  expect(commandsOf(all)).toEqual([
    { name: 'room.join', count: 40, refused: 2, meanMs: 15.625 },
    { name: 'room.leave', count: 1, refused: 0, meanMs: 0 },
  ]);
  expect(refusalsOf(all)).toEqual([
    { code: 'internal', count: 5 },
    { code: 'room.forbidden', count: 2 },
  ]);
});

it('names the channels that are furthest behind, wherever they are', () => {
  const behind = (...frames: number[]): NodeFigures => ({ ...NODE, lagging: frames.map((count) => ({ channel: `quotation:${count}/agency`, frames: count })) });
  const many = Array.from({ length: WORST }, (_, place) => 100 - place);
  const all = ops(process('a', 0, { node: behind(7, 2) }), process('b', 0, { node: behind(...many), pid: 2 }), process('c', 0, { node: behind(1_000), alive: false }));
  expect(laggingOf(ops(process('a', 0, { node: behind(2, 7) })))).toEqual([
    { channel: 'quotation:7/agency', frames: 7, at: 'here:1' },
    { channel: 'quotation:2/agency', frames: 2, at: 'here:1' },
  ]);
  expect(laggingOf(all).map(({ frames }) => frames)).toEqual(many);
  expect(laggingOf(ops(process('a', 0)))).toEqual([]);
});
