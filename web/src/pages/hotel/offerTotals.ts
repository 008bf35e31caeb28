/** What the typed offer comes to, and what it still lacks. */
import { add, divide, minorDigits, multiply, round, subtract } from '@/lib/decimal';
import { freePlaces, headsOf, roomTotal, stayTotal, type Rated, type Tariff } from '@/lib/pricing';
import { nights } from '@/lib/stay';
import type { Money, QuotationView, RoomType, Tax } from '@/live/protocol';
import { ROOM_TYPES, type OfferForm, type RoomLine } from './offerForm';
import { focOf, Reader } from './offerReading';

export interface Totals {
  nights: number;
  /** By row of the form; null where the row has no sound rate. */
  rooms: (Money | null)[];
  total: Money;
  free: number;
  perPerson: Money | null;
  commission: Money;
  /** What is left of the total after the commission. */
  receives: Money;
  /** What guests pay at the hotel on top. */
  taxes: Money;
}

/** Live totals of what is typed; what cannot be read counts as not there. */
export function totalsOf(form: OfferForm, view: QuotationView, locale: string): Totals {
  const { currency } = view;
  const quiet = new Reader(currency, locale);
  const rated = form.rooms.map(({ type, rate, per, quantity }): Rated | null => {
    const money = quiet.money('', rate);
    const count = quiet.whole('', quantity);
    return money && count ? { type, rate: money.amount, per, quantity: count } : null;
  });
  const tariff: Tariff = {
    rooms: rated.filter((room) => room !== null),
    supplement: quiet.money('', form.supplement)?.amount,
    reduction: quiet.money('', form.reduction)?.amount,
    foc: focOf(form, quiet) ?? undefined,
  };
  const stay = nights(view.check_in, view.check_out);
  const heads = headsOf(tariff.rooms, (view.adults ?? 0) + (view.children_ages?.length ?? 0));
  const free = freePlaces(tariff.foc, heads);
  const total = stayTotal(tariff, stay, heads, currency);
  const share = quiet.percent('', form.commission) ?? '0';
  const commission = percentOf(total, share);
  return {
    nights: stay,
    rooms: rated.map((room) => room && roomTotal(room, tariff, stay, currency)),
    total,
    free,
    perPerson: heads > free ? { currency, amount: divide(total.amount, String(heads - free), minorDigits(currency)) } : null,
    commission,
    receives: { currency, amount: subtract(total.amount, commission.amount) },
    taxes: localTaxes(form, total, { pax: heads, night: roomsOf(tariff) * stay, stay: 1 }, quiet),
  };
}

const roomsOf = (tariff: Tariff): number => tariff.rooms.reduce((sum, room) => sum + room.quantity, 0);

const percentOf = ({ amount, currency }: Money, percent: string): Money => ({
  currency,
  amount: divide(multiply(amount, percent), '100', minorDigits(currency)),
});

function localTaxes(form: OfferForm, total: Money, times: Record<Tax['per'], number>, reader: Reader): Money {
  const amounts = form.taxes
    .filter((tax) => !tax.included)
    .map(({ unit, value, per }) => {
      if (unit === 'percent') return percentOf(total, reader.percent('', value) ?? '0').amount;
      return multiply(reader.money('', value)?.amount ?? '0', String(times[per]));
    });
  const sum = amounts.reduce(add, '0');
  return { currency: total.currency, amount: round(sum, minorDigits(total.currency)) };
}

/** What a good offer has and this one does not; nothing of it keeps it from being sent. */
export type Gap = 'rates' | 'quantity' | 'cancellation' | 'validity' | 'board';

export function gapsOf(form: OfferForm, view: QuotationView): Gap[] {
  const asked = ROOM_TYPES.filter((type) => (view.rooms?.[type] ?? 0) > 0);
  const line = (type: RoomType): RoomLine | undefined => form.rooms.find((room) => room.type === type);
  const gaps: [Gap, boolean][] = [
    ['rates', asked.some((type) => !line(type)?.rate.trim())],
    ['quantity', asked.some((type) => line(type)?.rate.trim() && Number(line(type)!.quantity) < view.rooms![type]!)],
    ['board', form.board !== view.meal_plan && view.meal_plan !== undefined],
    ['cancellation', form.cancellation.length === 0],
    ['validity', form.validUntil === null && form.optionUntil === null],
  ];
  return gaps.filter(([, open]) => open).map(([gap]) => gap);
}
