import { expect, it } from 'vitest';
import { daysAhead, daysOf, shifted, weekday } from './months';

it('turns over the year', () => {
  expect(shifted('2027-12', 1)).toBe('2028-01');
  expect(shifted('2027-01', -1)).toBe('2026-12');
  expect(shifted('2027-03', 0)).toBe('2027-03');
});

it('knows how long a month is', () => {
  expect(daysOf('2028-02').at(-1)).toBe('2028-02-29');
  expect(daysOf('2027-02')).toHaveLength(28);
  expect(daysOf('2027-03')[0]).toBe('2027-03-01');
});

it('begins the week on Monday', () => {
  expect(weekday('2027-03-01')).toBe(0);
  expect(weekday('2027-03-07')).toBe(6);
});

it('shows what lies ahead, and all of what is over', () => {
  expect(daysAhead('2027-03', '2027-03-30')).toEqual(['2027-03-30', '2027-03-31']);
  expect(daysAhead('2027-03', '2027-02-01')).toHaveLength(31);
  expect(daysAhead('2027-03', '2027-04-01')).toHaveLength(31);
});
