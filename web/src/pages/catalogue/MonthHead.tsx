import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useT } from '@/i18n';
import classes from './Months.module.css';

/** Which month is shown, and the ways to others. */
export function MonthHead(props: { month: string; turn: (by: number) => void; children?: ReactNode }) {
  const { t, language } = useT();
  const named = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return (
    <header className={classes.head}>
      <ActionIcon variant="subtle" color="gray" aria-label={t('month.before')} onClick={() => props.turn(-1)}>
        <IconChevronLeft size={16} />
      </ActionIcon>
      <h3 aria-live="polite" data-testid="month">
        {named.format(new Date(`${props.month}-01T00:00:00Z`))}
      </h3>
      <ActionIcon variant="subtle" color="gray" aria-label={t('month.after')} onClick={() => props.turn(1)} data-testid="month-after">
        <IconChevronRight size={16} />
      </ActionIcon>
      {props.children}
    </header>
  );
}
