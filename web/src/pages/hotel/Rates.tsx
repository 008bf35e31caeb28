/** Rooms and what they cost, with the total of each row as it is typed. */
import { Menu, NativeSelect } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import type { QuotationView, RatePer } from '@/live/protocol';
import classes from './OfferForm.module.css';
import { ROOM_TYPES, type RoomLine } from './offerForm';
import type { Totals } from './offerTotals';
import { NumberText, RemoveButton, Section, withItem, withoutItem, type SectionProps } from './parts';

export function Rates(props: SectionProps & { view: QuotationView; totals: Totals }) {
  const { t } = useT();
  const { form, set, problems, currency, view, totals } = props;
  const change = (index: number, room: Partial<RoomLine>): void => set({ rooms: withItem(form.rooms, index, room) });
  return (
    <Section title={t('offer.rates')} aside={<span className={classes.currency}>{t('offer.net_in', { currency })}</span>}>
      <table className={classes.rates}>
        <thead>
          <tr>
            <th scope="col">{t('offer.room')}</th>
            <th scope="col">{t('offer.quantity')}</th>
            <th scope="col">{t('offer.rate')}</th>
            <th scope="col">{t('offer.per')}</th>
            <th scope="col" className="right">
              {t('unit.nights', { count: totals.nights })}
            </th>
          </tr>
        </thead>
        <tbody>
          {form.rooms.map((room, index) => (
            <tr key={room.type}>
              <th scope="row">
                {t(`room.${room.type}`)}
                <Asked room={room} asked={view.rooms?.[room.type] ?? 0} onTake={(quantity) => change(index, { quantity })} />
              </th>
              <td className={classes.count}>
                <NumberText
                  bare
                  whole
                  field={`rooms.${index}.quantity`}
                  label={`${t('offer.quantity')}: ${t(`room.${room.type}`)}`}
                  testid={`quantity-${room.type}`}
                  value={room.quantity}
                  onChange={(quantity) => change(index, { quantity })}
                  problems={problems}
                />
              </td>
              <td className={classes.rate}>
                <NumberText
                  bare
                  field={`rooms.${index}.net_rate`}
                  label={`${t('offer.rate')}: ${t(`room.${room.type}`)}`}
                  testid={`rate-${room.type}`}
                  value={room.rate}
                  onChange={(rate) => change(index, { rate })}
                  problems={problems}
                />
              </td>
              <td className={classes.per}>
                <NativeSelect
                  size="xs"
                  aria-label={`${t('offer.per')}: ${t(`room.${room.type}`)}`}
                  value={room.per}
                  onChange={(event) => change(index, { per: event.currentTarget.value as RatePer })}
                  data={[
                    { value: 'room_night', label: t('offer.per_room') },
                    { value: 'person_night', label: t('offer.per_person') },
                  ]}
                />
              </td>
              <td className={classes.sum}>
                <RowTotal type={room.type} total={totals.rooms[index] ?? null} />
                {!view.rooms?.[room.type] && (
                  <RemoveButton what={t(`room.${room.type}`)} onClick={() => set({ rooms: withoutItem(form.rooms, index) })} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <AddRoom {...props} />
      <Supplements {...props} />
      <FreePlaces {...props} />
    </Section>
  );
}

function RowTotal({ type, total }: { type: string; total: Totals['rooms'][number] }) {
  const format = useFormat();
  return (
    <span className={total ? 'num' : 'num muted'} data-testid={`total-${type}`}>
      {total ? format.amount(total) : '–'}
    </span>
  );
}

/** Says how many rooms are asked for where the offer has another number. */
function Asked({ room, asked, onTake }: { room: RoomLine; asked: number; onTake: (quantity: string) => void }) {
  const { t } = useT();
  if (!asked || room.quantity.trim() === String(asked)) return null;
  return (
    <button type="button" className={classes.asked} onClick={() => onTake(String(asked))}>
      {t('offer.asked', { count: asked })}
    </button>
  );
}

function AddRoom({ form, set }: SectionProps) {
  const { t } = useT();
  const free = ROOM_TYPES.filter((type) => !form.rooms.some((room) => room.type === type));
  if (!free.length) return null;
  const line = (type: RoomLine['type']): RoomLine => ({ type, quantity: '1', rate: '', per: form.rooms[0]?.per ?? 'room_night' });
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className={classes.add}>
          <IconPlus size={12} aria-hidden /> {t('offer.add_room')}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {free.map((type) => (
          <Menu.Item key={type} onClick={() => set({ rooms: [...form.rooms, line(type)] })}>
            {t(`room.${type}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** They count for rates per person only, so they are asked for only then, or where there is one. */
function Supplements({ form, set, problems, currency }: SectionProps) {
  const { t } = useT();
  return (
    <div className={classes.two}>
      <NumberText
        field="single_supplement"
        label={t('offer.supplement')}
        value={form.supplement}
        onChange={(supplement) => set({ supplement })}
        problems={problems}
        unit={currency}
      />
      <NumberText
        field="triple_reduction"
        label={t('offer.reduction')}
        value={form.reduction}
        onChange={(reduction) => set({ reduction })}
        problems={problems}
        unit={currency}
      />
    </div>
  );
}

function FreePlaces({ form, set, problems }: SectionProps) {
  const { t } = useT();
  const { foc } = form;
  const change = (part: Partial<typeof foc>): void => set({ foc: { ...foc, ...part } });
  return (
    <fieldset className={classes.foc}>
      <legend>{t('offer.foc')}</legend>
      <NumberText bare whole field="foc.free" label={t('offer.foc_free')} value={foc.free} onChange={(free) => change({ free })} problems={problems} />
      <span>{t('offer.foc_per')}</span>
      <NumberText bare whole field="foc.per" label={t('offer.foc_paying')} placeholder="20" value={foc.per} onChange={(per) => change({ per })} problems={problems} />
      <span>{t('offer.foc_in')}</span>
      <NativeSelect
        size="xs"
        aria-label={t('offer.foc_unit')}
        value={foc.unit}
        onChange={(event) => change({ unit: event.currentTarget.value as typeof foc.unit })}
        data={[
          { value: 'half_twin', label: t('foc.half_twin') },
          { value: 'single', label: t('foc.single') },
        ]}
      />
      <span className={classes.together}>
        {t('offer.foc_most')}
        <NumberText bare whole field="foc.cap" label={t('offer.foc_cap')} placeholder="–" value={foc.cap} onChange={(cap) => change({ cap })} problems={problems} />
      </span>
    </fieldset>
  );
}
