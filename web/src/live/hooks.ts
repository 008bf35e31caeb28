import { useCallback, useEffect, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { getAll } from '@/rest/client';
import { retain, watch } from './connection';
import type { InboxItem, Json, JsonObject, Me, Member, QuotationView } from './protocol';
import { emptyRoom, type Room } from './rooms';
import { listFailed, listRead, quotationRoom, type Connection, type Conflict, type PendingEdit } from './state';
import { update, useLive } from './store';

const nobody: Readonly<Record<string, Member>> = {};

export const useConnection = (): Connection => useLive((live) => live.connection);

export function useMe(): Me {
  const me = useLive((live) => live.me);
  if (!me) throw new Error('no session');
  return me;
}

/** Joins the room while the component is there. */
export function useRoom(name: string): Room {
  useEffect(() => retain(name), [name]);
  return useLive((live) => live.rooms[name]) ?? emptyRoom;
}

/** The quotation as the server has it, without one's own pending edits. */
export const useQuotationView = (id: string): QuotationView | null =>
  useLive((live) => {
    const view = live.rooms[quotationRoom(id)]?.view;
    return view?.id ? (view as unknown as QuotationView) : null;
  });

export const usePending = (id: string, group: string): PendingEdit | undefined =>
  useLive((live) => live.pending[id]?.[group]);

export const useConflict = (id: string, group: string): Conflict | undefined =>
  useLive((live) => live.conflicts[id]?.[group]);

export const useMembers = (id: string): Member[] =>
  useLive(useShallow((live) => Object.values(live.rooms[quotationRoom(id)]?.presence ?? nobody)));

/** Which colleagues are in which quotation now, by the quotation's room. */
export function useColleagues(me: Me): (id: string) => Member[] {
  const room = listRoom(me);
  useEffect(() => {
    if (me.role === 'agent') watch(room);
  }, [me.role, room]);
  const within = useLive((live) => live.rooms[room]?.within);
  return (id) => Object.values(within?.[quotationRoom(id)] ?? nobody).filter((member) => member.id !== me.id);
}

/** Others who have one of the fields in focus. */
export const useFocused = (id: string, fields: readonly string[]): Member[] =>
  useLive(
    useShallow((live) =>
      Object.values(live.rooms[quotationRoom(id)]?.presence ?? nobody).filter(
        (member) => fields.includes(member.focus ?? '') && member.id !== live.me?.id,
      ),
    ),
  );

export const useInbox = (): InboxItem[] => useLive(useShallow((live) => Object.values(live.inbox.items)));

export interface List<T> {
  rows: T[];
  status: 'loading' | 'ready' | 'failed';
  reload: () => void;
}

const reading = new Set<string>();

/** The room whose facts patch a role's list of quotations; an admin has none. */
export function listRoom(me: Me): string {
  if (me.role === 'agent' && me.company_id) return `company:${me.company_id}`;
  if (me.role === 'hotel' && me.hotel_id) return `hotel:${me.hotel_id}`;
  return `user:${me.id}`;
}

/** A list read by REST and patched by the room's facts; read again when the room was reset. */
export function useList<T>(room: string, collection: string, path: string): List<T> {
  const known = useLive((live) => live.rooms[room]);
  const status = known?.lists[collection] ?? 'loading';
  const ready = known?.status === 'live';
  const reload = useCallback(() => void readList(room, collection, path), [room, collection, path]);
  useEffect(() => {
    if (ready && status === 'loading') reload();
  }, [ready, status, reload]);
  const rows = known?.view[collection] as Record<string, T> | undefined;
  return { rows: useMemo(() => Object.values(rows ?? {}), [rows]), status, reload };
}

async function readList(room: string, collection: string, path: string): Promise<void> {
  const name = `${room}/${collection}`;
  if (reading.has(name)) return;
  reading.add(name);
  const readAt = useLive.getState().rooms[room]?.seq ?? 0;
  try {
    const items = await getAll<JsonObject & { id: string }>(path);
    const rows = Object.fromEntries(items.map((item) => [item.id, item as Json])) as JsonObject;
    update((live) => listRead(live, room, collection, rows, readAt));
  } catch {
    update((live) => listFailed(live, room, collection));
  } finally {
    reading.delete(name);
  }
}
