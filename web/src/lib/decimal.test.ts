import { describe, expect, it } from 'vitest';
import { add, compare, divide, multiply, parseDecimal, round, subtract } from './decimal';

describe('decimal arithmetic', () => {
  it('is exact where floats are not', () => {
    expect(add('0.1', '0.2')).toBe('0.3');
    expect(multiply('99999999999.99', '1.08')).toBe('107999999999.9892');
    expect(subtract('10', '10.05')).toBe('-0.05');
  });

  it('rounds half to even', () => {
    expect(round('2.345', 2)).toBe('2.34');
    expect(round('2.355', 2)).toBe('2.36');
    expect(round('-2.345', 2)).toBe('-2.34');
    expect(divide('1', '8', 2)).toBe('0.12');
    expect(divide('100', '3', 2)).toBe('33.33');
  });

  it('compares across scales', () => {
    expect(compare('1.50', '1.5')).toBe(0);
    expect(compare('9', '10')).toBe(-1);
  });
});

describe('typed amounts', () => {
  it.each([
    ['1.234,5', 'es', '1234.5'],
    ['1,234.5', 'es', '1234.5'],
    ['1.234,5', 'en', '1234.5'],
    ['1,234.5', 'en', '1234.5'],
    ['1.234', 'es', '1234'],
    ['1.234', 'en', '1.234'],
    ['1,234', 'en', '1234'],
    ['12.5', 'es', '12.5'],
    ['12,5', 'en', '12.5'],
    ['1.234.567', 'pt', '1234567'],
    ['1 234,50', 'pt', '1234.50'],
    ['007', 'en', '7'],
    [',5', 'es', '0.5'],
  ])('%s in %s is %s', (typed, locale, canonical) => {
    expect(parseDecimal(typed, locale)).toBe(canonical);
  });

  it.each(['', 'abc', '1,2,3.4,5', '-4', '1.23.4', '12,34.5', '1e3'])('%s is no amount', (typed) => {
    expect(parseDecimal(typed, 'en')).toBeNull();
  });
});
