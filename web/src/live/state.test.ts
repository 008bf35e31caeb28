import { describe, expect, it } from 'vitest';
import type { Frame, JsonObject } from './protocol';
import * as state from './state';

const frame = (room: string, seq: number, change: JsonObject): Frame => ({
  v: 1,
  id: `f${seq}`,
  name: 'quotation.edited',
  room,
  epoch: 'e1',
  seq,
  at: '2026-11-22T10:00:00Z',
  by: null,
  data: { change },
});

const open = state.joined(state.initial, {
  room: 'quotation:q1',
  epoch: 'e1',
  seq: 0,
  recovered: false,
  events: [],
  snapshot: { id: 'q1', title: 'Cusco', version: 4 },
  presence: [],
});
const sent = state.editSent(open, 'q1', 'title', { key: 'k1', changes: { title: 'Lima' } });
const fact = frame('quotation:q1', 1, { title: 'Lima', version: 5 });
const pendingOf = (live: state.Live): unknown => live.pending.q1?.title;

describe('optimistic edits', () => {
  it('stays pending until both the answer and the fact are there, in either order', () => {
    const [factFirst] = state.receiveFact(sent, fact);
    expect(pendingOf(factFirst)).toBeDefined();
    expect(pendingOf(state.editAccepted(factFirst, 'q1', 'title', 'k1', 5))).toBeUndefined();

    const answered = state.editAccepted(sent, 'q1', 'title', 'k1', 5);
    expect(pendingOf(answered)).toBeDefined();
    expect(pendingOf(state.receiveFact(answered, fact)[0])).toBeUndefined();
  });

  it('a refusal rolls back only the edit it belongs to', () => {
    expect(pendingOf(state.editRefused(sent, 'q1', 'title', 'k1'))).toBeUndefined();
    const later = state.editSent(sent, 'q1', 'title', { key: 'k2', changes: { title: 'Puno' } });
    expect(pendingOf(state.editRefused(later, 'q1', 'title', 'k1'))).toMatchObject({ key: 'k2' });
  });

  it('a second attempt at a conflicting field puts the conflict away', () => {
    const conflict = { mine: { title: 'Lima' }, theirs: { title: 'Puno' }, by: null, at: '2026-11-22T10:00:00Z', version: 5 };
    const found = state.conflictFound(open, 'q1', 'title', conflict);
    expect(found.conflicts.q1?.title).toEqual(conflict);
    const again = state.editSent(found, 'q1', 'title', { key: 'k3', changes: { title: 'Lima' } });
    expect(again.conflicts.q1?.title).toBeUndefined();
  });
});

describe('the inbox', () => {
  it("takes in pages and the user room's facts, and forgets what was acked", () => {
    const entered = state.entered(state.initial, 'user:u1', 'e1', 7);
    const paged = state.receiveInbox(entered, [{ id: 'n1', kind: 'offer.submitted' }], 1);
    const [told] = state.receiveFact(paged, frame('user:u1', 8, { notifications: { n2: { id: 'n2', kind: 'x' } } }));
    expect(Object.keys(told.inbox.items)).toEqual(['n1', 'n2']);
    const read = { notifications: { n1: null } };
    const [elsewhere] = state.receiveFact(told, frame('user:u1', 9, read));
    expect(elsewhere.inbox).toEqual({ items: { n2: { id: 'n2', kind: 'x' } }, left: 0 });
    expect(state.forgetInbox(told, ['n1'], 0).inbox).toEqual({ items: { n2: { id: 'n2', kind: 'x' } }, left: 0 });
  });
});

describe('rooms that end', () => {
  it('[P6] a closed room takes no more facts', () => {
    const ended = state.closed(open, 'quotation:q1', 'room.forbidden');
    expect(state.receiveFact(ended, fact)).toEqual([ended, 'duplicate']);
    expect(ended.rooms['quotation:q1']).toMatchObject({ status: 'closed', code: 'room.forbidden' });
  });
});
