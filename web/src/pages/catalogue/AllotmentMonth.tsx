/** A hotel's rooms to sell, night by night and type by type, beside what is taken of them. */
import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { components } from '@/generated/api';
import { addMessages, useT } from '@/i18n';
import { catalogue } from '@/i18n/messages/catalogue';
import { useFormat } from '@/lib/format';
import type { RoomType } from '@/live/protocol';
import { PageError, Rows } from '@/ui/states';
import { bodyOf, typedOf, type Typed } from './allotment';
import { MonthHead } from './MonthHead';
import { daysAhead, today, weekday } from './months';
import classes from './Months.module.css';
import { useMonth } from './useMonth';

addMessages(catalogue);

type View = components['schemas']['AllotmentView'];
const TYPES: RoomType[] = ['single', 'double', 'twin', 'triple', 'suite'];

export function AllotmentMonth({ hotelId }: { hotelId: string }) {
  const { t } = useT();
  const format = useFormat();
  const { data, failed, reload, month, busy, turn, write } = useMonth<View>(`/catalogue/hotels/${hotelId}/allotment`);
  const view = data?.value.month === month ? data.value : null;
  const [typed, setTyped] = useState<Typed | null>(null);
  useEffect(() => setTyped(null), [month]);
  const now = typed ?? (view ? typedOf(view) : {});
  const body = bodyOf(now);
  const days = daysAhead(month, today());
  const set = (day: string, type: RoomType, value: string): void => setTyped({ ...now, [`${day} ${type}`]: value });
  const fill = (type: RoomType): void => {
    const first = days.map((day) => now[`${day} ${type}`]).find((value) => value) ?? '';
    setTyped({ ...now, ...Object.fromEntries(days.map((day) => [`${day} ${type}`, first])) });
  };
  const save = async (): Promise<void> => {
    if (body && (await write(body))) setTyped(null);
  };
  return (
    <section className={classes.allotment} data-testid="allotment">
      <MonthHead month={month} turn={turn}>
        <span className={classes.space} />
        {typed && (
          <Button size="xs" variant="default" onClick={() => setTyped(null)}>
            {t('month.drop')}
          </Button>
        )}
        <Button size="xs" disabled={!typed || !body} loading={busy} onClick={() => void save()} data-testid="save-allotment">
          {t('month.save')}
        </Button>
      </MonthHead>
      <p className="muted">{t('month.allotment_hint')}</p>
      {!view && (failed ? <PageError onRetry={reload} /> : <Rows count={8} height={32} />)}
      {view && (
        <table className={classes.nights}>
          <thead>
            <tr>
              <th scope="col">{t('month.night')}</th>
              {TYPES.map((type) => (
                <th key={type} scope="col">
                  {t(`room.${type}`)}
                  <Button size="compact-xs" variant="subtle" onClick={() => fill(type)} aria-label={`${t('month.fill_short')}: ${t(`room.${type}`)}`} title={t('month.fill', { room: t(`room.${type}`) })}>
                    {t('month.fill_short')}
                  </Button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((day) => (
              <tr key={day} data-weekend={weekday(day) > 3 && weekday(day) < 6 ? true : undefined}>
                <th scope="row">{format.day(day)}</th>
                {TYPES.map((type) => {
                  const taken = view.nights[day]?.[type]?.taken ?? 0;
                  const value = now[`${day} ${type}`] ?? '';
                  const wrong = value !== '' && (!/^\d{1,4}$/.test(value) || Number(value) < taken);
                  return (
                    <td key={type}>
                      <TextInput
                        size="xs"
                        inputMode="numeric"
                        value={value}
                        placeholder="–"
                        error={wrong || (value === '' && taken > 0)}
                        aria-label={`${format.day(day)}, ${t(`room.${type}`)}`}
                        onChange={(event) => set(day, type, event.currentTarget.value.trim())}
                        data-testid={`rooms-${day}-${type}`}
                        classNames={{ input: classes.number }}
                        rightSection={taken > 0 ? <small className="num">{t('month.taken', { count: taken })}</small> : null}
                        rightSectionWidth={taken > 0 ? 62 : 0}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
