import { describe, expect, it } from 'vitest';
import type { Offer, QuotationView } from '@/live/protocol';
import { blankFor, formOf, withAsked } from './offerForm';
import { read } from './offerReading';
import { gapsOf, totalsOf } from './offerTotals';

const usd = (amount: string) => ({ amount, currency: 'USD' });
const view = {
  id: 'q1',
  title: 'Cusco',
  currency: 'USD',
  check_in: '2027-03-01',
  check_out: '2027-03-05',
  rooms: { twin: 10, single: 2 },
  adults: 22,
  meal_plan: 'HB',
} as QuotationView;

const offer: Offer = {
  id: 'o1',
  hotel_id: 'plaza',
  rooms: [{ type: 'twin', net_rate: usd('1234.50'), per: 'room_night', quantity: 10 }],
  single_supplement: usd('20.00'),
  board: 'HB',
  foc: { free: 1, per: 20, unit: 'half_twin', cap: 2 },
  taxes: [{ name: 'city tax', included: false, per: 'night', amount: usd('1.50') }],
  commission_percent: '10',
  optional_services: [{ name: 'box lunch', price: usd('9.00') }],
  guaranteed: true,
  cancellation: [{ days_before: 30, penalty_percent: '50' }],
  valid_until: '2027-01-01T00:00:00Z',
};

describe('an offer form', () => {
  it('starts with a row for each room type that is asked for, and the meals asked for', () => {
    const form = blankFor(view);
    expect(form.rooms.map(({ type, quantity }) => [type, quantity])).toEqual([
      ['single', '2'],
      ['twin', '10'],
    ]);
    expect(form.board).toBe('HB');
  });

  it('says the same offer again when nothing was typed, in any language', () => {
    for (const [locale, mark] of [
      ['en', '.'],
      ['es', ','],
    ] as const) {
      const form = withAsked(formOf(offer, (decimal) => decimal.replace('.', mark)), view);
      const { offer: said, problems } = read(form, 'USD', locale);
      expect(problems).toEqual([]);
      expect(said).toMatchObject({
        rooms: offer.rooms,
        single_supplement: offer.single_supplement,
        foc: offer.foc,
        taxes: offer.taxes,
        commission_percent: '10',
        optional_services: offer.optional_services,
        cancellation: offer.cancellation,
      });
      expect(said).not.toHaveProperty('triple_reduction');
    }
  });

  it('names the place of whatever cannot be read', () => {
    const form = { ...blankFor(view), commission: '120', allotment: 'x', taxes: [{ name: '', included: true, per: 'stay', unit: 'percent', value: '5' }] } as never;
    expect(read(form, 'USD', 'en').problems).toEqual([
      { field: 'rooms.0.net_rate', kind: 'needed' },
      { field: 'taxes.0.name', kind: 'needed' },
      { field: 'commission_percent', kind: 'percent' },
      { field: 'allotment', kind: 'number' },
    ]);
  });

  it('takes no more decimals than the currency has', () => {
    const form = withAsked(formOf({ ...offer, rooms: [{ ...offer.rooms![0]!, net_rate: usd('10.005') }] }, (d) => d), view);
    expect(read(form, 'USD', 'en').problems).toContainEqual({ field: 'rooms.1.net_rate', kind: 'amount' });
  });
});

describe('totals', () => {
  it('are those of the server: rooms, free places, commission, and taxes paid at the hotel', () => {
    const form = formOf({ ...offer, rooms: [{ type: 'twin', net_rate: usd('80.00'), per: 'room_night', quantity: 11 }] }, (d) => d);
    const totals = totalsOf(form, view, 'en');
    // 22 people: 1 in 20 goes free, at half a twin: (11 x 80 - 40) x 4 nights.
    expect(totals).toMatchObject({
      nights: 4,
      free: 1,
      rooms: [usd('3520.00')],
      total: usd('3360.00'),
      perPerson: usd('160.00'),
      commission: usd('336.00'),
      receives: usd('3024.00'),
      taxes: usd('66.00'),
    });
  });

  it('take what cannot be read as not there', () => {
    expect(totalsOf({ ...blankFor(view), commission: '?' }, view, 'en').total).toEqual(usd('0.00'));
  });
});

describe('gaps', () => {
  it('tell what is asked for and not offered', () => {
    expect(gapsOf(blankFor(view), view)).toEqual(['rates', 'cancellation', 'validity']);
    expect(gapsOf(formOf({ ...offer, board: 'BB' }, (d) => d), view)).toEqual(['rates', 'board']);
  });
});
