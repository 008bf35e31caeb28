import { describe, expect, it } from 'vitest';
import type { QuotationView } from '@/live/protocol';
import { formOf, payloadOf, tariffOf } from './offerForm';

const view: QuotationView = { id: 'q1', title: 'Cusco', currency: 'USD', meal_plan: 'HB', rooms: { double: 8, twin: 0, single: 2 } };

describe('an offer being typed', () => {
  it('starts with the rooms and meals that the group asks for', () => {
    const form = formOf(view, undefined, 'en');
    expect(form.rooms.map(({ type, quantity }) => [type, quantity])).toEqual([
      ['single', '2'],
      ['double', '8'],
    ]);
    expect(form.board).toBe('HB');
    expect(payloadOf(form, 'USD', 'en').problems.map(({ kind, room }) => [kind, room])).toEqual([
      ['rate', 'single'],
      ['rate', 'double'],
    ]);
  });

  it('becomes exact decimals with the currency, in the typist’s notation', () => {
    const form = formOf(view, undefined, 'es');
    form.rooms = [{ type: 'double', rate: '1.234,5', per: 'room_night', quantity: '8' }];
    form.taxes = [{ name: 'IGV', value: '18%', per: 'stay', included: true }];
    form.cancellation = [{ days_before: '30', penalty_percent: '12,5' }];
    const { offer, problems } = payloadOf(form, 'USD', 'es');
    expect(problems).toEqual([]);
    expect(offer.rooms).toEqual([
      { type: 'double', per: 'room_night', net_rate: { amount: '1234.5', currency: 'USD' }, quantity: 8 },
    ]);
    expect(offer.taxes).toEqual([{ name: 'IGV', included: true, per: 'stay', percent: '18' }]);
    expect(offer.cancellation).toEqual([{ days_before: 30, penalty_percent: '12.5' }]);
  });

  it('comes back from what was sent as it was', () => {
    const form = formOf(view, undefined, 'pt');
    form.rooms = [{ type: 'double', rate: '99,90', per: 'person_night', quantity: '8' }];
    form.foc = { free: '1', per: '20', unit: 'single', cap: '2' };
    form.commission_percent = '10';
    form.extra_bed = '25,50';
    form.child_bands = [
      { up_to: '5', percent: '0' },
      { up_to: '11', percent: '50' },
    ];
    const { offer, problems } = payloadOf(form, 'USD', 'pt');
    expect(problems).toEqual([]);
    expect(offer.extra_bed).toEqual({ amount: '25.50', currency: 'USD' });
    expect(offer.child_bands).toEqual([
      { up_to: 5, percent: '0' },
      { up_to: 11, percent: '50' },
    ]);
    const again = formOf(view, { id: 'o1', hotel_id: 'h1', ...offer } as never, 'pt');
    expect(payloadOf(again, 'USD', 'pt').offer).toEqual(offer);
    expect(tariffOf(again, 'pt').rooms[0]?.rate).toBe('99.90');
  });

  it('names what cannot be read', () => {
    const form = formOf(view, undefined, 'en');
    form.rooms = [{ type: 'double', rate: '10.999', per: 'room_night', quantity: 'many' }];
    form.attrition_percent = '120';
    expect(payloadOf(form, 'USD', 'en').problems).toEqual([
      { kind: 'rate', field: 'rooms', room: 'double' },
      { kind: 'quantity', field: 'rooms', room: 'double' },
      { kind: 'field', field: 'attrition_percent' },
    ]);
  });
});
