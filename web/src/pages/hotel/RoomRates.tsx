/** Rates by room type, with what each comes to for the whole stay. */
import { ActionIcon, Menu, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import { nights } from '@/lib/stay';
import { roomTotal } from '@/lib/pricing';
import type { QuotationView, RatePer } from '@/live/protocol';
import { otherTypes, tariffOf, type RoomLine } from './offerForm';
import classes from './RoomRates.module.css';
import type { OfferEditing } from './useOfferForm';

const PER: RatePer[] = ['room_night', 'person_night'];

export function RoomRates({ view, editor }: { view: QuotationView; editor: OfferEditing }) {
  const { t, language } = useT();
  const format = useFormat();
  const { form, set, problems } = editor;
  const tariff = tariffOf(form, language);
  const stay = nights(view.check_in, view.check_out);
  const change = (index: number, part: Partial<RoomLine>): void =>
    set({ rooms: form.rooms.map((room, at) => (at === index ? { ...room, ...part } : room)) });
  const others = otherTypes(form);
  return (
    <section className={`card ${classes.rates}`}>
      <table aria-label={t('offer.rooms')}>
        <thead>
          <tr>
            <th scope="col">{t('offer.rooms')}</th>
            <th scope="col">
              {t('offer.rate')} ({view.currency})
            </th>
            <th scope="col">{t('offer.per')}</th>
            <th scope="col">{t('offer.quantity')}</th>
            <th scope="col" className="right">
              {t('offer.total')}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {form.rooms.map((line, index) => {
            const room = t(`room.${line.type}`);
            const asked = view.rooms?.[line.type] ?? 0;
            const wrong = (kind: string): boolean =>
              problems.some((problem) => problem.kind === kind && problem.room === line.type);
            return (
              <tr key={line.type}>
                <th scope="row">
                  {room} {asked > 0 && <small className="num">{t('offer.asked', { count: asked })}</small>}
                </th>
                <td>
                  <TextInput
                    size="xs"
                    aria-label={t('offer.rate_of', { room })}
                    inputMode="decimal"
                    value={line.rate}
                    error={line.rate !== '' && wrong('rate')}
                    onChange={(event) => change(index, { rate: event.currentTarget.value })}
                    data-testid={`rate-${line.type}`}
                    classNames={{ input: classes.amount }}
                  />
                </td>
                <td>
                  <NativeSelect
                    size="xs"
                    aria-label={t('offer.per_of', { room })}
                    value={line.per}
                    onChange={(event) => change(index, { per: event.currentTarget.value as RatePer })}
                    data={PER.map((value) => ({ value, label: t(`offer.per.${value}`) }))}
                    data-testid={`per-${line.type}`}
                  />
                </td>
                <td>
                  <TextInput
                    size="xs"
                    w={64}
                    aria-label={t('offer.quantity_of', { room })}
                    inputMode="numeric"
                    value={line.quantity}
                    error={wrong('quantity')}
                    onChange={(event) => change(index, { quantity: event.currentTarget.value })}
                    data-testid={`quantity-${line.type}`}
                    classNames={{ input: classes.amount }}
                  />
                </td>
                <td className="num right" data-testid={`total-${line.type}`}>
                  {format.amount(roomTotal(tariff.rooms[index]!, tariff, stay, view.currency))}
                </td>
                <td>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="sm"
                    aria-label={`${t('action.remove')}: ${room}`}
                    onClick={() => set({ rooms: form.rooms.filter((_, at) => at !== index) })}
                  >
                    <IconTrash size={14} />
                  </ActionIcon>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {others.length > 0 && (
        <Menu position="bottom-start">
          <Menu.Target>
            <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={13} />} className={classes.add}>
              {t('offer.add_room')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((type) => (
              <Menu.Item
                key={type}
                onClick={() =>
                  set({
                    rooms: [
                      ...form.rooms,
                      { type, rate: '', per: 'room_night', quantity: String(view.rooms?.[type] || '') },
                    ],
                  })
                }
              >
                {t(`room.${type}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </section>
  );
}
