/** The versions of the terms, and what lies between two of them. */
import { useCallback, useEffect, useState } from 'react';
import { isObject } from '@/live/merge';
import type { Json, VersionItem } from '@/live/protocol';
import { getAll } from '@/rest/client';

export interface Change {
  field: string;
  old: Json | undefined;
  new: Json | undefined;
}

export interface Versions {
  /** Oldest first; null while they are being read. */
  items: VersionItem[] | null;
  failed: boolean;
  reload: () => void;
}

/** Read again whenever the terms got a new version. */
export function useVersions(id: string, version: number | undefined): Versions {
  const [items, setItems] = useState<VersionItem[] | null>(null);
  const [failed, setFailed] = useState(false);
  const reload = useCallback(() => {
    let wanted = true;
    setFailed(false);
    getAll<VersionItem>(`/quotations/${id}/versions`).then(
      (read) => wanted && setItems(read.sort((a, b) => a.version - b.version)),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [id]);
  useEffect(reload, [reload, version]);
  return { items, failed, reload };
}

/** What changed after version `from` up to version `to`, either way round; fields that came back are left out. */
export function between(items: readonly VersionItem[], from: number, to: number): Change[] {
  const [low, high] = from < to ? [from, to] : [to, from];
  const changes = new Map<string, Change>();
  for (const item of items.filter(({ version }) => version > low && version <= high)) {
    for (const { field, old, new: next } of item.changes) {
      changes.set(field, { field, old: changes.has(field) ? changes.get(field)!.old : old, new: next });
    }
  }
  const forward = [...changes.values()].flatMap(apart).filter((change) => !equal(change.old, change.new));
  return from < to ? forward : forward.map((change) => ({ ...change, old: change.new, new: change.old }));
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** A change of an object told by its parts; amounts stay whole. */
function apart(change: Change): Change[] {
  const [before, after] = [change.old ?? {}, change.new ?? {}];
  const whole = !isObject(before) || !isObject(after) || 'currency' in before || 'currency' in after;
  if (whole || (!isObject(change.old) && !isObject(change.new))) return [change];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names
    .map((name) => ({ field: `${change.field}.${name}`, old: before[name], new: after[name] }))
    .filter((part) => !equal(part.old, part.new))
    .flatMap(apart);
}
