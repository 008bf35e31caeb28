/** A guide's or a vehicle's month: days off are given and taken back by a click, bookings' days stand. */
import { UnstyledButton } from '@mantine/core';
import type { components } from '@/generated/api';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import { PageError, Rows } from '@/ui/states';
import { MonthHead } from './MonthHead';
import { daysOf, weekday } from './months';
import classes from './Months.module.css';
import { useMonth } from './useMonth';

/** A month that begins with a Monday. */
const A_MONDAY_FIRST = '2027-03';
type View = components['schemas']['CalendarView'];

export function Calendar({ path }: { path: string }) {
  const { t, language } = useT();
  const named = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' });
  const format = useFormat();
  const { data, failed, reload, month, busy, turn, write } = useMonth<View>(path);
  const view = data?.value.month === month ? data.value : null;
  const days = daysOf(month);
  const toggle = (day: string): void => {
    const off = view!.off.includes(day) ? view!.off.filter((one) => one !== day) : [...view!.off, day];
    void write({ off: [...off].sort() });
  };
  const stateOf = (day: string): 'booked' | 'off' | 'free' =>
    view?.booked[day] ? 'booked' : view?.off.includes(day) ? 'off' : 'free';
  return (
    <section className={classes.calendar}>
      <MonthHead month={month} turn={turn} />
      {!view && (failed ? <PageError onRetry={reload} /> : <Rows count={3} height={32} />)}
      {view && (
        <ul className={classes.days}>
          {daysOf(A_MONDAY_FIRST).slice(0, 7).map((day) => (
            <li key={day} className={classes.weekday} aria-hidden>
              {named.format(new Date(`${day}T00:00:00Z`))}
            </li>
          ))}
          {days.map((day, index) => (
            <li key={day} style={index === 0 ? { gridColumnStart: weekday(day) + 1 } : undefined}>
              <UnstyledButton
                className={classes.day}
                data-state={stateOf(day)}
                data-testid={`day-${day}`}
                disabled={busy || stateOf(day) === 'booked'}
                aria-pressed={stateOf(day) === 'off'}
                aria-label={`${format.day(day)}: ${t(`month.${stateOf(day)}`)}`}
                onClick={() => toggle(day)}
              >
                <span className="num">{Number(day.slice(-2))}</span>
                <small>{stateOf(day) === 'free' ? '' : t(`month.${stateOf(day)}`)}</small>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
