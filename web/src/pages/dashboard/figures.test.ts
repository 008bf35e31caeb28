import { describe, expect, it } from 'vitest';
import { answeredOf, conversionOf, funnelOf, isEmpty, openOf, statesOf, valuesOf, type Dashboard } from './figures';

const week = (...values: [string, string][]): Dashboard['weeks'][number] => ({
  week: '2026-11-16',
  published: 0,
  accepted: 0,
  values: values.map(([amount, currency]) => ({ amount, currency })),
  answers: { invited: 0, answered: 0 },
});
const figures: Dashboard = {
  states: { draft: 2, expired: 1, published: 3 },
  funnel: { published: 8, offered: 6, awarded: 3, accepted: 0, confirmed: 0 },
  answers: { invited: 3, answered: 2, seconds: [60, 120, 180] },
  weeks: [week(['10.10', 'USD'], ['5', 'EUR']), week(), week(['0.20', 'USD'])],
};
const nothing: Dashboard = {
  states: {},
  funnel: { published: 0, offered: 0, awarded: 0, accepted: 0, confirmed: 0 },
  answers: { invited: 0, answered: 0 },
  weeks: [week()],
};

describe('the figures', () => {
  it('has a rate for each step but where nothing came before', () => {
    expect(funnelOf(figures).map(({ ofStep, ofAll }) => [ofStep, ofAll])).toEqual([
      [null, null],
      ['75', '75'],
      ['50', '38'],
      ['0', '0'],
      [null, '0'],
    ]);
    expect(conversionOf(nothing)).toBeNull();
    expect(answeredOf(figures)).toBe('67');
  });
  it('sums money exactly and keeps currencies apart', () => {
    expect(valuesOf(figures)).toEqual([
      { currency: 'EUR', amount: '5' },
      { currency: 'USD', amount: '10.30' },
    ]);
  });
  it('shows states in the order of a life, those that there are', () => {
    expect(statesOf(figures).map(({ state }) => state)).toEqual(['draft', 'published', 'expired']);
    expect(openOf(figures)).toBe(5);
    expect([isEmpty(figures), isEmpty(nothing)]).toEqual([false, true]);
  });
});
