import { describe, expect, it } from 'vitest';
import { mergePatch } from './merge';
import type { Frame, JoinAck, JsonObject } from './protocol';
import { applyFrame, applyJoin, applyPresence, emptyRoom, withRows, type Room } from './rooms';

const room = 'quotation:q1';

const fact = (seq: number, change: JsonObject, epoch = 'e1'): Frame => ({
  v: 1,
  id: `f${seq}`,
  name: 'quotation.edited',
  room,
  epoch,
  seq,
  at: '2026-11-22T10:00:00Z',
  by: { kind: 'agent', id: 'u1', name: 'Ana' },
  data: { change },
});

const ack = (over: Partial<JoinAck>): JoinAck => ({
  room,
  epoch: 'e1',
  seq: 3,
  recovered: false,
  events: [],
  snapshot: { id: 'q1', title: 'Cusco' },
  presence: [],
  ...over,
});

const live: Room = applyJoin(emptyRoom, ack({}));

describe('merge patches (RFC 7396)', () => {
  it('sets, removes and replaces as the standard says', () => {
    expect(mergePatch({ a: 'b', c: { d: 'e', f: 'g' } }, { a: 'z', c: { f: null } })).toEqual({ a: 'z', c: { d: 'e' } });
    expect(mergePatch({ a: [1, 2] }, { a: [3] })).toEqual({ a: [3] });
    expect(mergePatch({ a: 'x' }, { a: { b: { c: null } } })).toEqual({ a: { b: {} } });
    expect(mergePatch(['x'], { a: 1 })).toEqual({ a: 1 });
  });

  it('keeps the identity of what it leaves alone', () => {
    const before = { offers: { o1: { id: 'o1' } }, title: 'a' };
    const after = mergePatch(before, { title: 'b' }) as typeof before;
    expect(after.offers).toBe(before.offers);
  });
});

describe('facts', () => {
  it('[D1] the next one is applied, one seen before is not applied again', () => {
    const [once, first] = applyFrame(live, fact(4, { title: 'Lima' }));
    expect([first, once.seq, once.view.title]).toEqual(['applied', 4, 'Lima']);
    const [twice, second] = applyFrame(once, fact(4, { title: 'Lima' }));
    expect([second, twice]).toEqual(['duplicate', once]);
  });

  it('[D1] a hole or another epoch asks for a new join and changes nothing', () => {
    expect(applyFrame(live, fact(5, { title: 'Lima' }))).toEqual([live, 'gap']);
    expect(applyFrame(live, fact(4, { title: 'Lima' }, 'e2'))).toEqual([live, 'gap']);
  });
});

describe('joins', () => {
  it('[D3] a recovered join applies exactly what was missed', () => {
    const events = [fact(4, { title: 'Lima' }), fact(5, { adults: 20 })];
    const after = applyJoin(live, ack({ recovered: true, seq: 5, events, snapshot: null }));
    expect([after.seq, after.view]).toEqual([5, { id: 'q1', title: 'Lima', adults: 20 }]);
    expect(after.lists).toBe(live.lists);
  });

  it('[D3] an unrecovered join replaces the view and everything read by REST', () => {
    const listed = withRows(live, 'quotations', {}, 3);
    const after = applyJoin(listed, ack({ epoch: 'e2', seq: 1, snapshot: { id: 'q1', title: 'New' } }));
    expect([after.epoch, after.seq, after.view, after.lists]).toEqual(['e2', 1, { id: 'q1', title: 'New' }, {}]);
  });
});

describe('lists', () => {
  it('facts that came while the list was being read win over it', () => {
    const [patched] = applyFrame(live, fact(4, { quotations: { q2: { state: 'published' }, q3: null } }));
    const rows = { q1: { title: 'a' }, q2: { title: 'b', state: 'draft' }, q3: { title: 'gone' } };
    expect(withRows(patched, 'quotations', rows, 3).view.quotations).toEqual({
      q1: { title: 'a' },
      q2: { title: 'b', state: 'published' },
    });
  });
});

describe('presence', () => {
  it('people come with a focus, move it and go', () => {
    const here = applyPresence(live, { joined: [{ id: 'u2', name: 'Bruno', kind: 'agent' }], left: [], focus: {} });
    const focused = applyPresence(here, { joined: [], left: [], focus: { u2: 'rooms.double' } });
    expect(focused.presence.u2).toMatchObject({ name: 'Bruno', focus: 'rooms.double' });
    expect(applyPresence(focused, { joined: [], left: ['u2'], focus: {} }).presence).toEqual({});
  });

  it("in a list's room they are in the rooms that it lists, until a join says otherwise", () => {
    const bruno = { id: 'u2', name: 'Bruno', kind: 'agent' as const };
    const joined = applyJoin(emptyRoom, ack({ room: 'company:c1', snapshot: null, presence: [{ ...bruno, room: 'quotation:q1' }] }));
    expect(Object.keys(joined.within['quotation:q1']!)).toEqual(['u2']);
    expect(joined.presence).toEqual({});
    const moved = [
      { room: 'quotation:q1', joined: [], left: ['u2'], focus: {} },
      { room: 'quotation:q2', joined: [bruno], left: [], focus: {} },
    ].reduce(applyPresence, joined);
    expect(moved.within).toEqual({ 'quotation:q1': {}, 'quotation:q2': { u2: bruno } });
    expect(applyJoin(moved, ack({ room: 'company:c1', snapshot: null })).within).toEqual({});
  });
});
