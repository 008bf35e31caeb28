/** The newest announcement that this person has not put away. */
import { CloseButton } from '@mantine/core';
import { IconSpeakerphone } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import { useList } from '@/live/hooks';
import type { Announcement } from '@/live/protocol';
import { Ago } from '@/ui/Time';
import classes from './Announcements.module.css';

const SEEN = 'spirit.announcements.seen';
const SHOWN_FOR_MS = 7 * 86_400_000;

export function Announcements() {
  const { t } = useT();
  const { rows } = useList<Announcement>('public:announcements', 'announcements', '/announcements');
  const [seen, setSeen] = useState(() => localStorage.getItem(SEEN) ?? '');
  const newest = rows.reduce<Announcement | null>((a, b) => (a && order(a) > order(b) ? a : b), null);
  if (!newest || order(newest) <= seen || isOld(newest)) return null;
  const dismiss = (): void => {
    localStorage.setItem(SEEN, order(newest));
    setSeen(order(newest));
  };
  return (
    <aside className={classes.banner} aria-label={t('nav.announcements')} aria-live="polite" data-testid="announcement">
      <IconSpeakerphone size={16} aria-hidden />
      <p>
        <b>{newest.title}</b> {newest.body}
      </p>
      {newest.at && <Ago at={newest.at} />}
      <CloseButton size="sm" onClick={dismiss} aria-label={t('announcement.dismiss')} />
    </aside>
  );
}

const order = (item: Announcement): string => item.at ?? item.id;

const isOld = (item: Announcement): boolean => Boolean(item.at && Date.now() - Date.parse(item.at) > SHOWN_FOR_MS);
