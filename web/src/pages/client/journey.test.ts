import { describe, expect, it } from 'vitest';
import type { QuotationView } from '@/live/protocol';
import { bandOf, byNeed, bySize, depositAmount, journey } from './journey';

const trip = (more: Partial<QuotationView>): QuotationView => ({ id: 'q', title: 'Cusco', currency: 'USD', ...more }) as QuotationView;

describe('a trip', () => {
  it('has a deposit among its stages only if one is asked for', () => {
    expect(journey(trip({ state: 'awarded' }))).toEqual({
      stages: ['offers', 'proposal', 'accepted', 'confirmed', 'travelled'],
      at: 1,
    });
    expect(journey(trip({ state: 'deposit_paid', deposit: { required: true, percent: '30' } as never })).at).toBe(3);
    expect(journey(trip({ state: 'deposit_paid' })).at).toBe(2);
    expect(journey(trip({ state: 'cancelled' })).at).toBe(-1);
  });

  it('comes first where it waits for an answer', () => {
    const trips = [
      trip({ title: 'over', state: 'expired', check_in: '2026-01-01' }),
      trip({ title: 'later', state: 'confirmed', check_in: '2027-05-01' }),
      trip({ title: 'answer', state: 'awarded', check_in: '2027-09-01' }),
      trip({ title: 'next', state: 'published', check_in: '2027-02-01' }),
    ];
    expect(trips.sort(byNeed).map(({ title }) => title)).toEqual(['answer', 'next', 'later', 'over']);
  });

  it('asks for a deposit of an amount, or of a share of its price to the cent', () => {
    const selling = { total: { amount: '8289.07', currency: 'USD' } };
    expect(depositAmount(trip({ selling, deposit: { required: true, percent: '30' } as never }))).toEqual({ amount: '2486.72', currency: 'USD' });
    expect(depositAmount(trip({ deposit: { required: true, percent: '30' } as never }))).toBeNull();
  });
});

describe('bands', () => {
  const bands = ['40+', '10-14', '15-19'];
  it('are in order of size, and a group is in one of them or in none', () => {
    expect(bySize(bands)).toEqual(['10-14', '15-19', '40+']);
    expect([9, 10, 19, 20, 55].map((pax) => bandOf(bands, pax))).toEqual([undefined, '10-14', '15-19', undefined, '40+']);
  });
});
