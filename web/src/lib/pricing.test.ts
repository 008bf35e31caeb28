import { describe, expect, it } from 'vitest';
import { freePlaces, sellingPreview, stayTotal, type Tariff, type Trip } from './pricing';

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
    const trip: Trip = { tariff, nights: 1, pax: 2, agencyPrice: '0.25', currency: 'USD' };
    expect(sellingPreview(trip, '10').total.amount).toBe('0.28');
    expect(sellingPreview(trip, '90').total.amount).toBe('0.48');
  });
});

/** The case of tests/unit/domain/test_computation.py, "a whole trip line by line". */
describe('the price of a trip', () => {
  const trip: Trip = {
    tariff: { rooms: [{ type: 'double', rate: '100.00', per: 'room_night', quantity: 10 }] },
    nights: 4,
    pax: 20,
    agencyPrice: '7806.25',
    bands: [
      ['10-14', '3356.25'],
      ['40+', '4856.25'],
    ],
    currency: 'USD',
  };

  it('is what the server says', () => {
    const made = sellingPreview(trip, '10');
    expect([made.price.amount, made.total.amount, made.perPerson.amount]).toEqual(['8586.88', '8586.88', '429.34']);
    expect(made.bands.map(([name, price]) => [name, price.amount])).toEqual([
      ['10-14', '589.19'],
      ['40+', '353.55'],
    ]);
  });

  it('adds each tax to the rounded price', () => {
    const made = sellingPreview({ ...trip, agencyPrice: '4285.33', taxPercents: ['18'] }, '12.5');
    expect([made.price.amount, made.total.amount]).toEqual(['4821.00', '5688.78']);
  });

  it('leaves a band its own markup', () => {
    const own = { ...trip, bandMarkups: { '40+': '0' } };
    expect(sellingPreview(own, '50').bands[1]![1].amount).toBe('321.41');
    expect(sellingPreview({ ...own, pax: 40 }, '50').total.amount).toBe('7806.25');
  });
});
