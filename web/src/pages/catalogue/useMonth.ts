/** A month of a calendar as the server has it, and writes that say what was seen. */
import { useCallback, useState } from 'react';
import { getTagged, put, type Tagged } from '@/rest/client';
import { useRead, type Reading } from '@/rest/useRead';
import { showRefusal } from '@/ui/refusals';
import { shifted, thisMonth } from './months';

export interface MonthOf<T> extends Reading<Tagged<T>> {
  month: string;
  busy: boolean;
  turn: (by: number) => void;
  /** What was read is what the write has seen; whatever comes of it is read again. */
  write: (body: object) => Promise<boolean>;
}

export function useMonth<T>(path: string): MonthOf<T> {
  const [month, setMonth] = useState(thisMonth);
  const [busy, setBusy] = useState(false);
  const reading = useRead(() => getTagged<T>(`${path}/${month}`), `${path}/${month}`);
  const { data, reload } = reading;
  const write = useCallback(
    async (body: object): Promise<boolean> => {
      if (!data) return false;
      setBusy(true);
      try {
        await put(`${path}/${month}`, body, data.tag);
        return true;
      } catch (error) {
        showRefusal(error);
        return false;
      } finally {
        setBusy(false);
        reload();
      }
    },
    [data, month, path, reload],
  );
  return { ...reading, month, busy, turn: (by) => setMonth(shifted(month, by)), write };
}
