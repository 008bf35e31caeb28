/** The items of a kind as the server has them, and writes that say what was seen. */
import { useCallback, useState } from 'react';
import { translate } from '@/i18n';
import { drop, getAll, getTagged, put, type Tagged } from '@/rest/client';
import { useRead, type Reading } from '@/rest/useRead';
import { showDone, showProblem, showRefusal } from '@/ui/refusals';
import type { Item, Kind } from './kinds';

export interface Items extends Reading<Item[]> {
  busy: boolean;
  /** Each is true when it was done. */
  save: (before: Item, after: Item) => Promise<boolean>;
  add: (item: Item) => Promise<boolean>;
  remove: (item: Item) => Promise<boolean>;
}

const pathOf = (kind: Kind, id: unknown): string => `/catalogue/${kind.name}/${encodeURIComponent(String(id))}`;

/** A rate is named by what it is of; everything else has a name of chance. */
const nameOf = (kind: Kind, item: Item): string =>
  kind.name === 'rates' ? `${item.base}-${item.quote}-${item.on}` : crypto.randomUUID();

const bodyOf = ({ id: _, ...body }: Item): Item => body;

export function useItems(kind: Kind): Items {
  const reading = useRead(() => getAll<Item>(`/catalogue/${kind.name}?limit=100`));
  const { reload } = reading;
  const [busy, setBusy] = useState(false);

  const doing = useCallback(
    async (work: () => Promise<unknown>): Promise<boolean> => {
      setBusy(true);
      try {
        await work();
        return true;
      } catch (error) {
        showRefusal(error);
        return false;
      } finally {
        setBusy(false);
        reload();
      }
    },
    [reload],
  );

  /** What stands there now, if it is what was seen; otherwise it is shown, and nothing is written. */
  const seen = async (item: Item): Promise<Tagged<Item> | null> => {
    const now = await getTagged<Item>(pathOf(kind, item.id));
    if (JSON.stringify(now.value) === JSON.stringify(item)) return now;
    showProblem(translate('error.catalogue.conflict'));
    return null;
  };

  return {
    ...reading,
    busy,
    save: (before, after) =>
      doing(async () => {
        const now = await seen(before);
        if (now) await put(pathOf(kind, before.id), bodyOf(after), now.tag);
      }),
    add: (item) =>
      doing(async () => {
        await put(pathOf(kind, nameOf(kind, item)), item, null);
        showDone(translate('catalogue.added'));
      }),
    remove: (item) =>
      doing(async () => {
        const now = await seen(item);
        if (now) await drop(pathOf(kind, item.id), now.tag);
      }),
  };
}
