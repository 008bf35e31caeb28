import { useEffect, useRef } from 'react';
import { useT, type Key } from '@/i18n';
import { useMe, useRoom } from '@/live/hooks';
import { announce } from './announce';

/** Says politely what others did in a room since one came. */
export function useTold(room: string): void {
  const { t, has } = useT();
  const me = useMe();
  const { facts } = useRoom(room);
  const last = facts.at(-1);
  const known = useRef(last?.id);
  useEffect(() => {
    if (!last || last.id === known.current) return;
    known.current = last.id;
    const key = `fact.${last.name}`;
    if (last.by?.id !== me.id && has(key)) announce([last.by?.name, t(key as Key)].filter(Boolean).join(' '));
  }, [last]);
}
