/** How the catalogues' values are written in a cell, and read from it again. `null` where a text is none. */
import { decimalText, parseDecimal } from '@/lib/decimal';

export interface Codec {
  write: (value: unknown, locale: string) => string;
  /** What was typed as a value; undefined where it is none. */
  read: (typed: string, locale: string) => unknown;
  numeric?: boolean;
}

const words = (typed: string): string[] => typed.split(',').map((one) => one.trim()).filter(Boolean);

export const text: Codec = { write: (value) => String(value ?? ''), read: (typed) => typed.trim() };

export const some: Codec = { ...text, read: (typed) => typed.trim() || undefined };

export const optional: Codec = { ...text, read: (typed) => typed.trim() || null };

export const currency: Codec = {
  ...text,
  read: (typed) => (/^[a-z]{3}$/i.test(typed.trim()) ? typed.trim().toUpperCase() : undefined),
};

export const whole: Codec = {
  write: (value) => String(value ?? ''),
  read: (typed) => (/^\d{1,6}$/.test(typed.trim()) ? Number(typed.trim()) : undefined),
  numeric: true,
};

export const decimal: Codec = {
  write: (value, locale) => (value == null ? '' : decimalText(String(value), locale)),
  read: (typed, locale) => parseDecimal(typed, locale) ?? undefined,
  numeric: true,
};

export const perhaps: Codec = { ...decimal, read: (typed, locale) => (typed.trim() ? decimal.read(typed, locale) : null) };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (typed: string): boolean => DAY.test(typed) && !Number.isNaN(Date.parse(`${typed}T00:00:00Z`));

export const day: Codec = { ...text, read: (typed) => (isDay(typed.trim()) ? typed.trim() : undefined) };

export const openDay: Codec = { ...text, read: (typed) => (typed.trim() ? day.read(typed, '') : null) };

export const list: Codec = { write: (value) => ((value as string[]) ?? []).join(', '), read: words };

const LEVELS = ['native', 'fluent', 'basic'];

/** `es native, en` */
export const languages: Codec = {
  write: (value) =>
    ((value as { language: string; level?: string }[]) ?? [])
      .map(({ language, level }) => (level && level !== 'fluent' ? `${language} ${level}` : language))
      .join(', '),
  read: (typed) => {
    const read = words(typed).map((one) => {
      const [language = '', level = 'fluent', ...more] = one.toLowerCase().split(/\s+/);
      return more.length || !LEVELS.includes(level) ? null : { language, level };
    });
    return read.includes(null) ? undefined : read;
  },
};

/** `First aid 2027-12-31, Licence` */
export const certificates: Codec = {
  write: (value) =>
    ((value as { name: string; expires?: string | null }[]) ?? [])
      .map(({ name, expires }) => (expires ? `${name} ${expires}` : name))
      .join(', '),
  read: (typed) =>
    words(typed).map((one) => {
      const at = /^(.+?)\s+(\d{4}-\d{2}-\d{2})$/.exec(one);
      return at ? { name: at[1], expires: at[2] } : { name: one, expires: null };
    }),
};

/** `Cusco -13.5319 -71.9675`, or the name alone */
export const place: Codec = {
  write: (value) => {
    const at = value as { name: string; latitude?: string | null; longitude?: string | null } | null;
    return at ? [at.name, at.latitude, at.longitude].filter((part) => part != null).join(' ') : '';
  },
  read: (typed) => {
    const bare = typed.trim();
    if (!bare) return null;
    const at = /^(.+?)\s+(-?\d{1,2}(?:\.\d{1,6})?)\s+(-?\d{1,3}(?:\.\d{1,6})?)$/.exec(bare);
    return at ? { name: at[1], latitude: at[2], longitude: at[3] } : { name: bare, latitude: null, longitude: null };
  },
};
