/** What the group asks for, as the hotel may see it. */
import type { ReactNode } from 'react';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import { nights } from '@/lib/stay';
import type { QuotationView, RoomType } from '@/live/protocol';
import classes from './Asked.module.css';

const ROOMS: RoomType[] = ['single', 'double', 'twin', 'triple', 'suite'];

export function Asked({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const stay = nights(view.check_in, view.check_out);
  const children = view.children_ages?.length ?? 0;
  const rooms = ROOMS.filter((type) => (view.rooms?.[type] ?? 0) > 0);
  return (
    <section data-testid="asked">
      <h2 className="eyebrow">{t('ask.title')}</h2>
      <dl className={classes.terms}>
        <Term name={t('term.destination')}>{view.destination}</Term>
        <Term name={t('term.dates')}>
          {view.check_in && (
            <>
              {format.dayRange(view.check_in, view.check_out)} <small>{t('unit.nights', { count: stay })}</small>
            </>
          )}
        </Term>
        <Term name={t('term.pax')}>
          {view.adults !== undefined && t('unit.adults', { count: view.adults })}
          {children > 0 && (
            <small>
              {t('unit.children', { count: children })} ({view.children_ages!.join(', ')})
            </small>
          )}
        </Term>
        <Term name={t('term.rooms')}>
          {rooms.length > 0 && (
            <ul>
              {rooms.map((type) => (
                <li key={type}>
                  <b className="num">{view.rooms![type]}</b> {t(`room.${type}`)}
                </li>
              ))}
            </ul>
          )}
        </Term>
        <Term name={t('term.meal_plan')}>{view.meal_plan && t(`meal.${view.meal_plan}`)}</Term>
        <Term name={t('term.special_requirements')}>
          {view.special_requirements && (
            <ul>
              {view.special_requirements.map((item) => (
                <li key={item}>{item}</li>
              ))}
            </ul>
          )}
        </Term>
        <Term name={t('term.currency')}>{view.currency}</Term>
        <Term name={t('ask.lead')}>
          {view.client?.name && (
            <>
              {view.client.name} <small>{view.client.email}</small>
            </>
          )}
        </Term>
      </dl>
    </section>
  );
}

function Term({ name, children }: { name: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{children}</dd>
    </div>
  );
}
