import { describe, expect, it } from 'vitest';
import { freePlaces, sellingPreview, stayTotal, type Tariff } from './pricing';

const perRoom: Tariff = {
  rooms: [
    { type: 'double', rate: '100.00', per: 'room_night', quantity: 10 },
    { type: 'single', rate: '80.00', per: 'room_night', quantity: 2 },
  ],
};

describe('the price of a stay', () => {
  it('is rates by rooms by nights', () => {
    expect(stayTotal(perRoom, 3, 22, 'USD')).toEqual({ amount: '3480.00', currency: 'USD' });
  });

  it('counts beds, supplement and reduction when rates are per person', () => {
    const tariff: Tariff = {
      rooms: [
        { type: 'single', rate: '40', per: 'person_night', quantity: 1 },
        { type: 'triple', rate: '40', per: 'person_night', quantity: 1 },
      ],
      supplement: '15.50',
      reduction: '5',
    };
    expect(stayTotal(tariff, 2, 4, 'USD').amount).toBe('321.00');
  });

  it('takes off free places, worth half a double here', () => {
    const foc = { free: 1, per: 20, unit: 'half_twin', cap: 2 } as const;
    expect([20, 21, 42, 100].map((heads) => freePlaces(foc, heads))).toEqual([0, 1, 2, 2]);
    expect(stayTotal({ ...perRoom, foc }, 1, 22, 'USD').amount).toBe('1110.00');
  });

  it('rounds once, half to even', () => {
    const tariff: Tariff = { rooms: [{ type: 'twin', rate: '0.25', per: 'room_night', quantity: 1 }] };
    expect(sellingPreview(tariff, 1, 2, '10', 'USD').total.amount).toBe('0.28');
    expect(sellingPreview(tariff, 1, 2, '90', 'USD').total.amount).toBe('0.48');
  });
});
