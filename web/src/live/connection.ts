/** The one socket: it keeps the session alive, the rooms joined and the store fed. */
import { io, type Socket } from 'socket.io-client';
import { Commands } from './commands';
import { isObject } from './merge';
import type { AckOf, Commands as Known, Frame, LiveCommand, Me, RefusalCode, ServiceEvents, Signal } from './protocol';
import * as state from './state';
import { update, useLive } from './store';
import { freshToken, refreshToken, SessionEnded } from './tokens';

const ACK_TIMEOUT_MS = 10_000;
const LEAVE_AFTER_MS = 15_000;
const SIGNALS = new Set<string>(['presence.changed', 'typing.changed', 'focus.changed'] satisfies Signal['name'][]);

export const commands = new Commands();

type Heard = { [N in keyof ServiceEvents]: (data: ServiceEvents[N]) => void };
type Said = { [N in LiveCommand]: (payload: Known[N]['payload'], answered: (ack: AckOf<N>) => void) => void };
type LiveSocket = Socket<Heard, Said>;

let socket: LiveSocket | null = null;
const wanted = new Map<string, number>();
const watched = new Set<string>();
const joining = new Map<string, Promise<void>>();
const leaving = new Map<string, ReturnType<typeof setTimeout>>();

export function connect(): void {
  if (socket) return;
  update((live) => ({ ...live, connection: { kind: 'connecting' } }));
  socket = io({
    path: '/socket.io/',
    transports: ['websocket', 'polling'],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    auth: (give) => void freshToken().then((token) => give({ token }), (error) => giveUpOrWait(error)),
  });
  listen(socket);
}

export function disconnect(): void {
  socket?.disconnect();
  socket = null;
  forget('auth.required');
  useLive.setState(state.initial, true);
}

/** Nothing is joined, watched or waits to be sent any more. */
function forget(code: RefusalCode): void {
  wanted.clear();
  watched.clear();
  joining.clear();
  for (const timer of leaving.values()) clearTimeout(timer);
  leaving.clear();
  commands.abandon({ code, message: '' });
}

/** From now on what is open may be read and typed in; commands wait. */
function lost(): void {
  commands.offline();
  joining.clear();
  update((live) =>
    live.connection.kind === 'reconnecting' || live.connection.kind === 'read-only'
      ? live
      : { ...live, connection: { kind: 'reconnecting', since: Date.now() } },
  );
}

function endSession(code: RefusalCode): void {
  socket?.disconnect();
  socket = null;
  commands.abandon({ code, message: '' });
  update((live) => ({ ...live, connection: { kind: 'read-only', code } }));
}

function giveUpOrWait(error: unknown): void {
  if (error instanceof SessionEnded) return endSession(error.code);
  lost();
  reconnectSoon();
}

function reconnectSoon(): void {
  const mine = socket;
  setTimeout(() => mine === socket && !mine?.connected && mine?.disconnect().connect(), 1_000 + Math.random() * 2_000);
}

function listen(on: LiveSocket): void {
  on.on('connect_error', (error: Error & { data?: { code?: RefusalCode } }) => refused(error));
  on.on('disconnect', (reason) => {
    lost();
    if (reason === 'io server disconnect') reconnectSoon();
  });
  on.on('session.ready', (ready) => void sessionReady(on, ready));
  on.on('session.closed', ({ code }) => void (code === 'auth.revoked' && comeBack(on)));
  on.on('session.expiring', () => void refreshSession(on));
  on.on('room.reset', (data) => update((live) => state.reset(live, data)));
  on.on('room.closed', ({ room, code }) => update((live) => state.closed(live, room, code)));
  on.on('inbox.page', ({ items, left }) => update((live) => state.receiveInbox(live, items, left)));
  on.onAny((name: string, data: unknown) => receive(name, data));
}

function refused(error: Error & { data?: { code?: RefusalCode } }): void {
  lost();
  if (socket?.active) return;
  const code = error.data?.code ?? '';
  if (code.startsWith('auth.')) void refreshToken().then(reconnectSoon, giveUpOrWait);
  else reconnectSoon();
}

/** One's rights are others by now: at once with a token that has them, if there is one. */
function comeBack(on: LiveSocket): Promise<void> {
  return refreshToken().then(() => void (on === socket && on.disconnect().connect()), giveUpOrWait);
}

async function refreshSession(on: LiveSocket): Promise<void> {
  try {
    const token = await refreshToken();
    await ask(on, 'session.refresh', { token });
  } catch (error) {
    if (error instanceof SessionEnded) endSession(error.code);
  }
}

function receive(name: string, data: unknown): void {
  if (!isObject(data) || typeof data.room !== 'string') return;
  if (SIGNALS.has(name)) return update((live) => state.receiveSignal(live, data as unknown as Signal));
  if (typeof data.seq !== 'number' || typeof data.id !== 'string') return;
  const frame = data as unknown as Frame;
  const [next, outcome] = state.receiveFact(useLive.getState(), frame);
  if (outcome === 'applied') useLive.setState(next, true);
  if (outcome === 'gap') void join(frame.room);
}

async function ask<N extends LiveCommand>(on: LiveSocket, name: N, payload: Known[N]['payload']): Promise<AckOf<N>> {
  const untyped: Socket = on;
  return (await untyped.timeout(ACK_TIMEOUT_MS).emitWithAck(name, payload)) as AckOf<N>;
}

/** After (re)connecting: see how far behind each room is, join again, say so, then send what waited. */
async function sessionReady(on: LiveSocket, ready: ServiceEvents['session.ready']): Promise<void> {
  if (ready.recovered) return goOn(on, ready);
  const { me } = useLive.getState();
  if (me && state.rightsOf(me) !== state.rightsOf(state.meBy(me, ready))) beginAnew(state.meBy(me, ready));
  const before = useLive.getState();
  const again = before.connection.kind === 'reconnecting';
  const behind = ready.rooms.filter(({ room, epoch, seq }) => {
    const known = before.rooms[room];
    return known?.epoch === epoch && known.seq !== seq;
  });
  const fresh = ready.rooms.filter(({ room, epoch }) => before.rooms[room]?.epoch !== epoch);
  const missed = behind.reduce((sum, { room, seq }) => sum + seq - (before.rooms[room]?.seq ?? seq), 0);
  update((live) => ({
    ...fresh.reduce((next, { room, epoch, seq }) => state.entered(next, room, epoch, seq), live),
    connection: again ? { kind: 'catching-up', changes: missed } : live.connection,
  }));
  commands.online((name, payload) => ask(on, name, payload as Known[typeof name]['payload']));
  await Promise.all([...behind.map(({ room }) => room), ...wanted.keys(), ...watched].map((room) => join(room)));
  update((live) => ({ ...live, connection: { kind: 'live', caughtUp: again ? progress(before, live) : 0 } }));
}

/** One is the same person with other rights: what was read and asked under the old ones is forgotten. */
function beginAnew(me: Me): void {
  forget('auth.revoked');
  update(({ connection }) => ({ ...state.initial, connection, me }));
}

/** It is the session that was lost: what was missed follows by itself, before the answer to anything that is asked now. */
async function goOn(on: LiveSocket, { rooms }: ServiceEvents['session.ready']): Promise<void> {
  const before = useLive.getState();
  const ours = rooms.filter(({ room, epoch, seq }) => {
    const known = before.rooms[room];
    return known?.status === 'live' && known.epoch === epoch && known.seq >= seq;
  });
  const there = new Set(ours.filter(({ room, presence }) => presence || !watched.has(room)).map(({ room }) => room));
  update((live) => ({
    ...ours.reduce((next, { room, presence }) => (presence ? state.present(next, room, presence) : next), live),
    connection: { kind: 'catching-up', changes: 0 },
  }));
  commands.online((name, payload) => ask(on, name, payload as Known[typeof name]['payload']));
  const others = [...new Set([...rooms.map(({ room }) => room), ...wanted.keys(), ...watched])].filter((room) => !there.has(room));
  await Promise.all([ask(on, 'inbox.ack', { ids: [] }), ...others.map((room) => join(room))]).catch(() => undefined);
  if (on.connected) update((live) => ({ ...live, connection: { kind: 'live', caughtUp: progress(before, live) } }));
}

/** How many changes came. A change shows in several rooms, so the kind of room that had most of them counts. */
function progress(before: state.Live, after: state.Live): number {
  const byKind = new Map<string, number>();
  for (const [name, room] of Object.entries(before.rooms)) {
    const now = after.rooms[name];
    const kind = name.split(':')[0]!;
    if (now?.epoch === room.epoch) byKind.set(kind, (byKind.get(kind) ?? 0) + Math.max(0, now.seq - room.seq));
  }
  return Math.max(0, ...byKind.values());
}

/** Joins from where the room's view stands; joins of one room under way are one. */
function join(room: string): Promise<void> {
  const under = joining.get(room) ?? requestJoin(room).finally(() => joining.delete(room));
  joining.set(room, under);
  return under;
}

async function requestJoin(room: string): Promise<void> {
  if (!socket?.connected) return;
  const known = useLive.getState().rooms[room];
  const since = known?.epoch ? { epoch: known.epoch, seq: known.seq } : undefined;
  const ack = await ask(socket, 'room.join', since ? { room, since } : { room }).catch(() => null);
  if (ack === null) return;
  if (!ack.ok) return update((live) => state.closed(live, room, ack.error.code));
  update((live) => state.joined(live, ack.data));
}

/** Keeps a room joined until the returned function is called (and a little longer, for going back). */
export function retain(room: string): () => void {
  clearTimeout(leaving.get(room));
  leaving.delete(room);
  const holders = wanted.get(room) ?? 0;
  wanted.set(room, holders + 1);
  update((live) => state.joinStarted(live, room));
  if (holders === 0 && useLive.getState().rooms[room]?.status !== 'live') void join(room);
  return () => release(room);
}

/** Joins a list's room, which one is in without asking, to see who is in which of the rooms that it lists. */
export function watch(room: string): void {
  if (watched.has(room)) return;
  watched.add(room);
  void join(room);
}

function release(room: string): void {
  const holders = (wanted.get(room) ?? 1) - 1;
  wanted.set(room, holders);
  if (holders > 0) return;
  leaving.set(room, setTimeout(() => leave(room), LEAVE_AFTER_MS));
}

function leave(room: string): void {
  wanted.delete(room);
  leaving.delete(room);
  socket?.emit('room.leave', { room }, () => undefined);
  update((live) => state.left(live, room));
}

/** Presence is a signal: sent if there is a connection, never waited for. */
export function sendPresence(room: string, presence: { focus?: string | null; typing?: boolean }): void {
  if (socket?.connected) socket.emit('presence.update', { room, ...presence }, () => undefined);
}

export async function ackInbox(ids: string[]): Promise<void> {
  if (!socket?.connected || !ids.length) return;
  const ack = await ask(socket, 'inbox.ack', { ids }).catch(() => null);
  if (ack?.ok) update((live) => state.forgetInbox(live, ids, ack.data.left));
}
