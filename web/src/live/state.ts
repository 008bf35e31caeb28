/** The whole live state and its transitions, pure. */
import { isObject, mergePatch } from './merge';
import type { Actor, Frame, InboxItem, JoinAck, Json, JsonObject, Me, Member, RoomReset, ServiceEvents, Signal } from './protocol';
import {
  applyActivity,
  applyClosed,
  applyEntered,
  applyFrame,
  applyJoin,
  applyPresence,
  applyPresent,
  applyReset,
  emptyRoom,
  withRows,
  withoutRows,
  type FrameOutcome,
  type Room,
  type Rooms,
} from './rooms';

export type Connection =
  | { kind: 'signed-out'; code?: string }
  | { kind: 'connecting' }
  | { kind: 'live'; caughtUp: number }
  | { kind: 'reconnecting'; since: number }
  | { kind: 'catching-up'; changes: number }
  | { kind: 'read-only'; code: string };

/** An edit (of one field, or of some that belong together) that was sent and that the facts do not show yet. */
export interface PendingEdit {
  key: string;
  changes: JsonObject;
  /** The version that the server's answer named; the edit is over once the view has reached it. */
  version?: number;
}

export interface Conflict {
  mine: JsonObject;
  theirs: JsonObject;
  by: Actor | null;
  at: string;
  /** The version to base a second attempt on. */
  version: number;
}

export type ByField<T> = Readonly<Record<string, T>>;

export interface Live {
  me: Me | null;
  connection: Connection;
  rooms: Rooms;
  inbox: { items: Readonly<Record<string, InboxItem>>; left: number };
  pending: Readonly<Record<string, ByField<PendingEdit>>>;
  conflicts: Readonly<Record<string, ByField<Conflict>>>;
}

export const initial: Live = {
  me: null,
  connection: { kind: 'signed-out' },
  rooms: {},
  inbox: { items: {}, left: 0 },
  pending: {},
  conflicts: {},
};

/** What somebody may do follows from this. */
export const rightsOf = ({ role, company_id, hotel_id }: Me): string => [role, company_id ?? '', hotel_id ?? ''].join(' ');

/** Who one is by now, as a session that begins says; it is in the room of one's agency or hotel. */
export function meBy(me: Me, { user, rooms }: Pick<ServiceEvents['session.ready'], 'user' | 'rooms'>): Me {
  const place = (kind: string): string | null =>
    rooms.map(({ room }) => room.split(':', 2)).find(([known]) => known === kind)?.[1] ?? null;
  return { ...me, name: user.name, role: user.role, company_id: place('company'), hotel_id: place('hotel') };
}

export const quotationRoom = (id: string): string => `quotation:${id}`;

const roomOf = (live: Live, room: string): Room => live.rooms[room] ?? emptyRoom;

function withRoom(live: Live, name: string, room: Room): Live {
  const next = { ...live, rooms: { ...live.rooms, [name]: room } };
  return name.startsWith('quotation:') ? settlePending(next, name.slice('quotation:'.length)) : next;
}

export function receiveFact(live: Live, frame: Frame): [Live, FrameOutcome] {
  const known = live.rooms[frame.room];
  if (!known || known.status !== 'live') return [live, 'duplicate'];
  const [room, outcome] = applyFrame(known, frame);
  if (outcome !== 'applied') return [live, outcome];
  return [gatherNotifications(withRoom(live, frame.room, room), frame.data.change), outcome];
}

function gatherNotifications(live: Live, change: JsonObject | undefined): Live {
  if (!isObject(change?.notifications)) return live;
  const told = Object.entries(change.notifications);
  const read = told.filter(([id, item]) => item === null && id in live.inbox.items).map(([id]) => id);
  return receiveInbox(
    forgetInbox(live, read, Math.max(0, live.inbox.left - read.length)),
    told.map(([, item]) => item),
  );
}

export function receiveInbox(live: Live, items: readonly Json[], left?: number): Live {
  const incoming = items.filter(isObject).map((item) => item as unknown as InboxItem);
  const merged = { ...live.inbox.items, ...Object.fromEntries(incoming.map((item) => [item.id, item])) };
  return { ...live, inbox: { items: merged, left: left ?? live.inbox.left } };
}

export function forgetInbox(live: Live, ids: readonly string[], left: number): Live {
  const items = Object.fromEntries(Object.entries(live.inbox.items).filter(([id]) => !ids.includes(id)));
  return { ...live, inbox: { items, left } };
}

export const joinStarted = (live: Live, name: string): Live =>
  live.rooms[name] ? live : withRoom(live, name, emptyRoom);

export function joined(live: Live, ack: JoinAck): Live {
  const next = withRoom(live, ack.room, applyJoin(roomOf(live, ack.room), ack));
  return ack.recovered ? ack.events.reduce((l, f) => gatherNotifications(l, f.data.change), next) : next;
}

export const entered = (live: Live, name: string, epoch: string, seq: number): Live =>
  withRoom(live, name, applyEntered(roomOf(live, name), epoch, seq));

/** Who is in a room now, whoever was there before. */
export const present = (live: Live, name: string, people: readonly Member[]): Live =>
  withRoom(live, name, applyPresent(roomOf(live, name), people));

export const reset = (live: Live, data: RoomReset): Live =>
  withRoom(live, data.room, applyReset(roomOf(live, data.room), data));

export const closed = (live: Live, name: string, code: string): Live =>
  withRoom(live, name, applyClosed(roomOf(live, name), code));

export function left(live: Live, name: string): Live {
  const { [name]: _gone, ...rooms } = live.rooms;
  return { ...live, rooms };
}

export const listRead = (live: Live, name: string, collection: string, rows: JsonObject, readAt: number): Live =>
  live.rooms[name] ? withRoom(live, name, withRows(roomOf(live, name), collection, rows, readAt)) : live;

export const listFailed = (live: Live, name: string, collection: string): Live =>
  live.rooms[name] ? withRoom(live, name, withoutRows(roomOf(live, name), collection)) : live;

/** Puts a command's answer into the view without waiting for its fact, which will say the same. */
export function viewAnswered(live: Live, name: string, view: JsonObject): Live {
  const room = live.rooms[name];
  if (!room || room.status !== 'live') return live;
  return withRoom(live, name, { ...room, view: mergePatch(room.view, view) as JsonObject });
}

export function receiveSignal(live: Live, signal: Signal): Live {
  const room = live.rooms[signal.room];
  if (!room) return live;
  return { ...live, rooms: { ...live.rooms, [signal.room]: signalled(room, signal) } };
}

function signalled(room: Room, signal: Signal): Room {
  if (signal.name === 'presence.changed') return applyPresence(room, signal.data);
  if (signal.name === 'typing.changed') return applyActivity(room, signal.by, signal.data);
  return applyActivity(room, signal.by, { focus: signal.data.focus ?? undefined });
}

function without<T>(map: ByField<T>, fields: readonly string[]): ByField<T> {
  return Object.fromEntries(Object.entries(map).filter(([field]) => !fields.includes(field)));
}

export function editSent(live: Live, id: string, field: string, edit: PendingEdit): Live {
  return {
    ...live,
    pending: { ...live.pending, [id]: { ...live.pending[id], [field]: edit } },
    conflicts: { ...live.conflicts, [id]: without(live.conflicts[id] ?? {}, [field]) },
  };
}

/** The server accepted the edit as `version`; it stays pending until the view shows that version. */
export function editAccepted(live: Live, id: string, field: string, key: string, version: number): Live {
  const edit = live.pending[id]?.[field];
  if (edit?.key !== key) return live;
  const pending = { ...live.pending, [id]: { ...live.pending[id], [field]: { ...edit, version } } };
  return settlePending({ ...live, pending }, id);
}

export function editRefused(live: Live, id: string, field: string, key: string): Live {
  if (live.pending[id]?.[field]?.key !== key) return live;
  return { ...live, pending: { ...live.pending, [id]: without(live.pending[id], [field]) } };
}

export function conflictFound(live: Live, id: string, field: string, conflict: Conflict): Live {
  return { ...live, conflicts: { ...live.conflicts, [id]: { ...live.conflicts[id], [field]: conflict } } };
}

export function conflictSettled(live: Live, id: string, field: string): Live {
  return { ...live, conflicts: { ...live.conflicts, [id]: without(live.conflicts[id] ?? {}, [field]) } };
}

function settlePending(live: Live, id: string): Live {
  const pending = live.pending[id];
  const version = live.rooms[quotationRoom(id)]?.view.version;
  if (!pending || typeof version !== 'number') return live;
  const over = Object.keys(pending).filter((field) => (pending[field]?.version ?? Infinity) <= version);
  return over.length ? { ...live, pending: { ...live.pending, [id]: without(pending, over) } } : live;
}
