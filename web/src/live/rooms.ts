/** What is known of each room, and how frames change it. Pure: nothing here reads a clock or a socket. */
import { mergePatch } from './merge';
import type { Actor, Comings, Frame, Json, JsonObject, JoinAck, Member, RoomReset } from './protocol';

export const FACTS_KEPT = 200;

export interface Room {
  /** `joining` until the first ack; `closed` when the server ended it, with `code`. */
  status: 'joining' | 'live' | 'closed';
  code?: string;
  epoch: string;
  seq: number;
  view: JsonObject;
  presence: Record<string, Member>;
  /** In the room of a list: who is in which of the rooms that it lists. */
  within: Readonly<Record<string, Record<string, Member>>>;
  /** The latest facts, oldest first, at most FACTS_KEPT. */
  facts: Frame[];
  /** What became of the lists read by REST; empty again whenever the view was replaced rather than patched. */
  lists: Readonly<Record<string, 'ready' | 'failed'>>;
}

export type Rooms = Readonly<Record<string, Room>>;

export const emptyRoom: Room = {
  status: 'joining',
  epoch: '',
  seq: 0,
  view: {},
  presence: {},
  within: {},
  facts: [],
  lists: {},
};

export type FrameOutcome = 'applied' | 'duplicate' | 'gap';

/** Applies a fact if it is the room's next; `gap` says that the room must be joined again. */
export function applyFrame(room: Room, frame: Frame): [Room, FrameOutcome] {
  if (frame.epoch !== room.epoch) return [room, 'gap'];
  if (frame.seq <= room.seq) return [room, 'duplicate'];
  if (frame.seq !== room.seq + 1) return [room, 'gap'];
  return [withFact(room, frame), 'applied'];
}

function withFact(room: Room, frame: Frame): Room {
  const change = frame.data.change;
  return {
    ...room,
    seq: frame.seq,
    view: change ? (mergePatch(room.view, change) as JsonObject) : room.view,
    facts: [...room.facts, frame].slice(-FACTS_KEPT),
  };
}

/** The room after a join: missed facts on top of what was known, or the snapshot in its place. */
export function applyJoin(room: Room, ack: JoinAck): Room {
  if (ack.recovered) {
    const caughtUp = ack.events.reduce<Room>((current, frame) => applyFrame(current, frame)[0], room);
    if (caughtUp.seq === ack.seq) return applyPresent({ ...caughtUp, status: 'live', code: undefined }, ack.presence);
  }
  return applyPresent(replaced(room, ack), ack.presence);
}

/** Those who are there now, here or in the rooms listed. */
export const applyPresent = (room: Room, people: readonly Member[]): Room => ({
  ...room,
  presence: membersOf(people.filter((one) => !one.room)),
  within: withinOf(people),
});

export const applyReset = (room: Room, reset: RoomReset): Room => replaced(room, reset);

function replaced(room: Room, from: RoomReset): Room {
  return {
    ...room,
    status: 'live',
    code: undefined,
    epoch: from.epoch,
    seq: from.seq,
    view: from.snapshot ?? {},
    lists: {},
  };
}

/** The room after `session.ready` named it: entered without asking, at the server's position. */
export function applyEntered(room: Room, epoch: string, seq: number): Room {
  return { ...replaced(room, { room: '', epoch, seq, snapshot: null }) };
}

export const applyClosed = (room: Room, code: string): Room => ({ ...room, status: 'closed', code, presence: {}, within: {} });

/** A list as REST gave it, with the facts that came while it was being read. */
export function withRows(room: Room, collection: string, rows: JsonObject, readAt: number): Room {
  const missed = room.facts.filter((fact) => fact.epoch === room.epoch && fact.seq > readAt);
  const base: JsonObject = { ...room.view, [collection]: rows };
  const view = missed.reduce<Json>((current, fact) => mergePatch(current, fact.data.change ?? {}), base);
  return { ...room, view: view as JsonObject, lists: { ...room.lists, [collection]: 'ready' } };
}

export const withoutRows = (room: Room, collection: string): Room => ({
  ...room,
  lists: { ...room.lists, [collection]: 'failed' },
});

const membersOf = (people: readonly Member[]): Record<string, Member> => Object.fromEntries(people.map((one) => [one.id, one]));

function withinOf(people: readonly Member[]): Room['within'] {
  const within: Record<string, Record<string, Member>> = {};
  for (const one of people) if (one.room) within[one.room] = { ...within[one.room], [one.id]: one };
  return within;
}

/** `presence.changed`: who joined, who left, who of those has what in focus, here or in one of the rooms listed. */
export function applyPresence(room: Room, comings: Comings): Room {
  const { room: listed } = comings;
  if (!listed) return { ...room, presence: changed(room.presence, comings) };
  return { ...room, within: { ...room.within, [listed]: changed(room.within[listed] ?? {}, comings) } };
}

function changed(presence: Record<string, Member>, { joined, left, focus: focused }: Comings): Record<string, Member> {
  const stayed = Object.entries(presence).filter(([id]) => !left.includes(id));
  const members = { ...Object.fromEntries(stayed), ...membersOf(joined) };
  for (const [id, focus] of Object.entries(focused)) {
    const member = members[id];
    if (member) members[id] = { ...member, focus };
  }
  return members;
}

/** `focus.changed` and `typing.changed`: one person's sign of life. */
export function applyActivity(room: Room, by: Actor, patch: Partial<Member>): Room {
  const known = room.presence[by.id] ?? { id: by.id, name: by.name, kind: by.kind };
  return { ...room, presence: { ...room.presence, [by.id]: { ...known, ...patch } } };
}
