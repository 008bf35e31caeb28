/** What the agency asks for, in one strip. */
import type { ReactNode } from 'react';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import { nights } from '@/lib/stay';
import { useRoom } from '@/live/hooks';
import type { QuotationView } from '@/live/protocol';
import { quotationRoom } from '@/live/state';
import classes from './Invitation.module.css';
import { ROOM_TYPES } from './offerForm';

export function Brief({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const changed = useLastChange(view.id);
  const stay = nights(view.check_in, view.check_out);
  const rooms = ROOM_TYPES.filter((type) => view.rooms?.[type]);
  const ages = view.children_ages ?? [];
  return (
    <dl className={classes.brief} data-testid="asked">
      <Item label={t('term.destination')} changed={changed.has('destination')}>
        {view.destination || '–'}
      </Item>
      <Item label={t('term.dates')} changed={changed.has('check_in') || changed.has('check_out')}>
        <span className="num">{format.dayRange(view.check_in, view.check_out)}</span>
        {stay > 0 && <small>{t('unit.nights', { count: stay })}</small>}
      </Item>
      <Item label={t('term.rooms')} changed={changed.has('rooms')}>
        {rooms.length ? rooms.map((type) => `${view.rooms![type]} ${t(`room.${type}`)}`).join(' · ') : '–'}
      </Item>
      <Item label={t('term.pax')} changed={changed.has('adults') || changed.has('children_ages')}>
        {t('unit.adults', { count: view.adults ?? 0 })}
        {ages.length > 0 && <small>{`${t('unit.children', { count: ages.length })} (${ages.join(', ')})`}</small>}
      </Item>
      <Item label={t('term.meal_plan')} changed={changed.has('meal_plan')}>
        {view.meal_plan ? t(`meal.${view.meal_plan}`) : '–'}
      </Item>
      {(view.special_requirements?.length ?? 0) > 0 && (
        <Item label={t('term.special_requirements')} changed={changed.has('special_requirements')}>
          {view.special_requirements!.join(' · ')}
        </Item>
      )}
    </dl>
  );
}

function Item({ label, changed, children }: { label: string; changed: boolean; children: ReactNode }) {
  return (
    <div data-changed={changed || undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The terms that the agency changed last while one looked, until the next offer. */
function useLastChange(id: string): ReadonlySet<string> {
  const { facts } = useRoom(quotationRoom(id));
  const since = facts.findLastIndex(({ name }) => name === 'offer.submitted' || name === 'offer.revised');
  const edits = facts.slice(since + 1).filter(({ name }) => name === 'quotation.edited');
  return new Set(edits.flatMap(({ data }) => Object.keys(data.change ?? {})));
}
