/** One editable thing of a quotation's terms: its value, who else is in it, and how to change it. */
import { useCallback, useRef } from 'react';
import { sendPresence } from '@/live/connection';
import { edit } from '@/live/edits';
import { useConflict, useFocused, usePending, useQuotationView } from '@/live/hooks';
import { valueAt, type Json, type JsonObject, type Member } from '@/live/protocol';
import { quotationRoom, type Conflict } from '@/live/state';
import { showRefusal } from '@/ui/refusals';

export interface Term {
  id: string;
  group: string;
  /** Values by field, one's own pending edit on top. */
  values: Readonly<Record<string, Json | undefined>>;
  pending: boolean;
  conflict: Conflict | undefined;
  others: Member[];
  version: number;
  onFocus: () => void;
  onBlur: () => void;
  /** Sends the change; what equals the present value is not sent. `base` is the version that the typing began on. */
  commit: (changes: JsonObject, base?: number) => void;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

export function useTerm(id: string, group: string, fields: readonly string[] = [group]): Term {
  const view = useQuotationView(id);
  const pending = usePending(id, group);
  const conflict = useConflict(id, group);
  const others = useFocused(id, fields);
  const version = view?.version ?? 0;
  const base = useRef(version);
  const focused = useRef(false);
  const values: Record<string, Json | undefined> = {};
  for (const field of fields) {
    values[field] = pending && field in pending.changes ? pending.changes[field] : valueAt(view, field);
  }

  const room = quotationRoom(id);
  const main = fields[0]!;
  const onFocus = useCallback(() => {
    if (!focused.current) base.current = version;
    focused.current = true;
    sendPresence(room, { focus: main });
  }, [room, main, version]);
  const onBlur = useCallback(() => {
    focused.current = false;
    sendPresence(room, { focus: null });
  }, [room]);

  const commit = (changes: JsonObject, from?: number): void => {
    const changed = Object.entries(changes).filter(([field, value]) => !same(value, values[field]));
    if (!changed.length) return;
    const since = from ?? (focused.current ? base.current : version);
    edit(id, group, Object.fromEntries(changed), since).catch(showRefusal);
    base.current = version;
  };
  return { id, group, values, pending: pending !== undefined, conflict, others, version, onFocus, onBlur, commit };
}
