/** The ways in which terms are typed. */
import { useMemo } from 'react';
import { useT } from '@/i18n';
import { decimalText, minorDigits, parseDecimal } from '@/lib/decimal';
import type { Json, Money } from '@/live/protocol';
import type { Typing } from './TextTerm';

const asText = (value: Json | undefined): string => (value === null || value === undefined ? '' : String(value));

export const line: Typing = {
  show: asText,
  parse: (typed) => ({ value: typed.trim() }),
};

export const neededLine: Typing = {
  show: asText,
  parse: (typed) => (typed.trim() ? { value: typed.trim() } : { problem: 'field.required' }),
};

export const prose: Typing = { show: asText, parse: (typed) => ({ value: typed }) };

export const whole: Typing = {
  numeric: true,
  show: asText,
  parse: (typed) => (/^\d{1,4}$/.test(typed.trim()) ? { value: Number(typed) } : { problem: 'field.bad_number' }),
};

/** A date as the browser's own control gives it. */
export const day: Typing = { show: asText, parse: (typed) => ({ value: typed || null }) };

/** One item a line. */
export const lines: Typing = {
  show: (value) => (Array.isArray(value) ? value.join('\n') : ''),
  parse: (typed) => ({ value: typed.split('\n').map((item) => item.trim()).filter(Boolean) }),
};

export const ages: Typing = {
  show: (value) => (Array.isArray(value) ? value.join(', ') : ''),
  parse: (typed) => {
    const items = typed.split(/[\s,;]+/).filter(Boolean);
    const sound = items.every((item) => /^\d{1,2}$/.test(item) && Number(item) <= 17);
    return sound ? { value: items.map(Number) } : { problem: 'field.bad_ages' };
  },
};

export function useTypings(): { percent: Typing; money: (currency: string) => Typing } {
  const { language } = useT();
  return useMemo(() => {
    const percent: Typing = {
      numeric: true,
      show: (value) => (typeof value === 'string' ? decimalText(value, language) : ''),
      parse: (typed) => {
        const value = parseDecimal(typed.replace('%', ''), language);
        return value === null ? { problem: 'field.bad_amount' } : { value };
      },
    };
    const money = (currency: string): Typing => ({
      numeric: true,
      show: (value) => (value ? groupedAmount(value as unknown as Money, language) : ''),
      parse: (typed) => {
        if (!typed.trim()) return { value: null };
        const amount = parseDecimal(typed, language);
        const sound = amount !== null && (amount.split('.')[1]?.length ?? 0) <= minorDigits(currency);
        return sound ? { value: { amount, currency } } : { problem: 'field.bad_amount' };
      },
    });
    return { percent, money };
  }, [language]);
}

function groupedAmount({ amount, currency }: Money, locale: string): string {
  const digits = minorDigits(currency);
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: 'always' } as const;
  return new Intl.NumberFormat(locale, options).format(amount as Intl.StringNumericLiteral);
}
