/** The audit: who did, read or was refused what. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuditItem, Page, Person } from '@/live/protocol';
import { get, getAll } from '@/rest/client';
import { useRead } from '@/rest/useRead';

const LOOKING = /^(room\.|auth\.)|(\.|_)(read|list)$/;

/** Whether the row is of somebody changing something, or being refused, rather than looking. */
export const isDeed = (row: AuditItem): boolean => row.outcome !== 'ok' || !LOOKING.test(row.action);

/** The newest page put before what is known; null when there is a gap between them. */
export function withNewer(known: readonly AuditItem[], page: readonly AuditItem[]): AuditItem[] | null {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = page.filter(({ id }) => !ids.has(id));
  return fresh.length < page.length ? [...fresh, ...known] : null;
}

export interface Audit {
  /** Newest first; null until read. */
  rows: AuditItem[] | null;
  failed: boolean;
  more: (() => void) | null;
  reload: () => void;
}

const PAGE = 100;

export function useAudit(path: string): Audit {
  const [rows, setRows] = useState<AuditItem[] | null>(null);
  const shown = useRef<AuditItem[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const load = useCallback(
    (cursor: string | null) => {
      const query = `limit=${PAGE}${cursor ? `&next=${encodeURIComponent(cursor)}` : ''}`;
      get<Page<AuditItem>>(`${path}?${query}`).then(
        (page) => {
          const known = shown.current;
          const joined = cursor ? [...known, ...page.items] : withNewer(known, page.items);
          shown.current = joined ?? page.items;
          setRows(shown.current);
          if (cursor || !joined) setNext(page.next);
          setFailed(false);
        },
        () => setFailed(true),
      );
    },
    [path],
  );
  const reload = useCallback(() => load(null), [load]);
  useEffect(reload, [reload]);
  return { rows, failed, reload, more: next === null ? null : () => load(next) };
}

/** Names of everybody with a login, by id. */
export function useNames(): (id: string) => string {
  const { data } = useRead(() => getAll<Person>('/people'));
  return (id) => data?.find((person) => person.id === id)?.name ?? id;
}
