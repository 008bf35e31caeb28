/** Money, dates and spans as the viewer's language writes them. */
import { useMemo } from 'react';
import { useT, type Translate } from '@/i18n';
import type { Money } from '@/live/protocol';
import { minorDigits } from './decimal';
import { stayDay } from './stay';

type Exact = Intl.StringNumericLiteral;

export interface Format {
  /** An amount without its currency, to the minor unit. */
  amount: (money: Money) => string;
  /** An amount with its currency. */
  money: (money: Money) => string;
  decimal: (value: string, places?: number) => string;
  percent: (value: string) => string;
  day: (date: string) => string;
  dayRange: (from?: string, to?: string) => string;
  time: (instant: string | number) => string;
  clock: (instant: string | number) => string;
  /** With the zone, for a hover text. */
  full: (instant: string) => string;
  list: (items: string[]) => string;
}

export function makeFormat(locale: string): Format {
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const time = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const number = (options: Intl.NumberFormatOptions, value: string): string =>
    new Intl.NumberFormat(locale, { useGrouping: 'always', ...options }).format(value as Exact);
  const places = (currency: string): Intl.NumberFormatOptions => {
    const digits = minorDigits(currency);
    return { minimumFractionDigits: digits, maximumFractionDigits: digits };
  };
  return {
    amount: ({ amount, currency }) => number(places(currency), amount),
    money: ({ amount, currency }) => `${currency}\u00a0${number(places(currency), amount)}`,
    decimal: (value, maximumFractionDigits = 4) => number({ maximumFractionDigits }, value),
    percent: (value) => `${number({ maximumFractionDigits: 4 }, value)}\u00a0%`,
    day: (date) => day.format(stayDay(date)),
    dayRange: (from, to) =>
      from && to ? day.formatRange(stayDay(from), stayDay(to)) : from || to ? day.format(stayDay((from ?? to)!)) : '–',
    time: (instant) => time.format(new Date(instant)),
    clock: (instant) => clock.format(new Date(instant)),
    full: (instant) => full.format(new Date(instant)),
    list: (items) => list.format(items),
  };
}

export function useFormat(): Format {
  const { language } = useT();
  return useMemo(() => makeFormat(language), [language]);
}

/** "3 h 20 min", of a length in milliseconds. */
export function span(ms: number, t: Translate): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (d > 0) return h > 0 ? t('span.days', { d, h }) : t('span.only_days', { d });
  if (h > 0) return m > 0 ? t('span.hours', { h, m }) : t('span.only_hours', { h });
  if (m > 0) return t('span.minutes', { m });
  return t('span.seconds', { s: Math.floor(Math.abs(ms) / 1000) });
}

/** The same in its largest unit only: "3 h". */
export function roughSpan(ms: number, t: Translate): string {
  const hour = 3_600_000;
  const unit = ms >= 24 * hour ? 24 * hour : ms >= hour ? hour : 60_000;
  return span(Math.floor(ms / unit) * unit, t);
}
