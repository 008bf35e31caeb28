import { describe, expect, it } from 'vitest';
import * as codecs from './codecs';
import type { Codec } from './codecs';

const CASES: [string, Codec, unknown, string][] = [
  ['languages', codecs.languages, [{ language: 'es', level: 'native' }, { language: 'en', level: 'fluent' }], 'es native, en'],
  ['certificates', codecs.certificates, [{ name: 'First aid', expires: '2027-12-31' }, { name: 'Licence', expires: null }], 'First aid 2027-12-31, Licence'],
  ['a place', codecs.place, { name: 'San Carlos de Bariloche', latitude: '-41.1335', longitude: '-71.3103' }, 'San Carlos de Bariloche -41.1335 -71.3103'],
  ['a place that is a name', codecs.place, { name: 'Puno', latitude: null, longitude: null }, 'Puno'],
  ['no place', codecs.place, null, ''],
  ['a list', codecs.list, ['birds', 'textiles'], 'birds, textiles'],
  ['a decimal', codecs.decimal, '1234.5', '1234,5'],
  ['no decimal', codecs.perhaps, null, ''],
  ['a day', codecs.day, '2027-02-28', '2027-02-28'],
  ['no end', codecs.openDay, null, ''],
  ['a currency', codecs.currency, 'PEN', 'PEN'],
];

describe('what a cell shows can be typed again', () => {
  it.each(CASES)('%s', (_, codec, value, shown) => {
    expect(codec.write(value, 'es')).toBe(shown);
    expect(codec.read(shown, 'es')).toEqual(value);
  });
});

describe('what is none is told to be none', () => {
  it.each([
    [codecs.whole, '-1'],
    [codecs.whole, '1.5'],
    [codecs.decimal, 'x'],
    [codecs.day, '2027-02-31x'],
    [codecs.day, ''],
    [codecs.some, '  '],
    [codecs.currency, 'soles'],
    [codecs.languages, 'es very well'],
  ] as [Codec, string][])('%o %s', (codec, typed) => {
    expect(codec.read(typed, 'en')).toBeUndefined();
  });
});
