/** Exact decimals as strings and BigInts. No number carries money. */

interface Scaled {
  units: bigint;
  scale: number;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const NO_MINOR = new Set(['CLP', 'ISK', 'JPY', 'KRW', 'PYG', 'VND']);
const THREE_MINOR = new Set(['BHD', 'KWD']);

export const minorDigits = (currency: string): number =>
  NO_MINOR.has(currency) ? 0 : THREE_MINOR.has(currency) ? 3 : 2;

function scaled(text: string): Scaled {
  const match = DECIMAL.exec(text);
  if (!match) throw new RangeError(`not a decimal: ${text}`);
  const [, sign, whole = '', fraction = ''] = match;
  return { units: BigInt(`${sign}${whole}${fraction}`), scale: fraction.length };
}

function text({ units, scale }: Scaled): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const raise = (value: Scaled, scale: number): bigint => value.units * 10n ** BigInt(scale - value.scale);

/** Half-even division of integers. */
function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator];
  const quotient = n / d;
  const rest = n % d;
  const twice = 2n * (rest < 0n ? -rest : rest);
  const away = twice > d || (twice === d && quotient % 2n !== 0n);
  return away ? quotient + (n < 0n ? -1n : 1n) : quotient;
}

export function add(a: string, b: string): string {
  const [x, y] = [scaled(a), scaled(b)];
  const scale = Math.max(x.scale, y.scale);
  return text({ units: raise(x, scale) + raise(y, scale), scale });
}

export const negate = (a: string): string => text({ ...scaled(a), units: -scaled(a).units });

export const subtract = (a: string, b: string): string => add(a, negate(b));

export function multiply(a: string, b: string): string {
  const [x, y] = [scaled(a), scaled(b)];
  return text({ units: x.units * y.units, scale: x.scale + y.scale });
}

/** Half-even to `places` decimals. */
export function round(a: string, places: number): string {
  const value = scaled(a);
  if (value.scale <= places) return text({ units: raise(value, places), scale: places });
  return text({ units: divideHalfEven(value.units, 10n ** BigInt(value.scale - places)), scale: places });
}

/** `a / b`, half-even to `places` decimals. */
export function divide(a: string, b: string, places: number): string {
  const [x, y] = [scaled(a), scaled(b)];
  const numerator = x.units * 10n ** BigInt(places + y.scale);
  return text({ units: divideHalfEven(numerator, y.units * 10n ** BigInt(x.scale)), scale: places });
}

export function compare(a: string, b: string): number {
  const [x, y] = [scaled(a), scaled(b)];
  const scale = Math.max(x.scale, y.scale);
  const difference = raise(x, scale) - raise(y, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function decimalMarkOf(locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.1);
  return parts.find((part) => part.type === 'decimal')?.value ?? '.';
}

/** A decimal as the language writes it, without grouping, so that what is shown can be typed over. */
export function decimalText(value: string, locale: string): string {
  return value.replace('.', decimalMarkOf(locale));
}

/**
 * What somebody typed, as a canonical decimal; null when it is none. `1.234,5` and `1,234.5` both work: with both
 * marks the last one is the decimal mark; a single mark is read as the locale writes it, and a group mark that does
 * not stand before exactly three digits must be meant as a decimal mark.
 */
export function parseDecimal(typed: string, locale: string): string | null {
  const bare = typed.replace(/[\s\u00a0\u202f'’]/g, '');
  if (!/^\d[\d.,]*$|^[.,]\d+$/.test(bare)) return null;
  const mark = decimalMark(bare, decimalMarkOf(locale));
  const [whole = '', fraction = '', ...more] = mark ? bare.split(mark) : [bare];
  const group = mark === ',' ? '.' : mark === '.' ? ',' : /[.,]/.exec(bare)?.[0];
  if (more.length > 0 || !isGrouped(whole, group) || /\D/.test(fraction)) return null;
  const digits = whole.replace(/\D/g, '').replace(/^0+(?=\d)/, '') || '0';
  return fraction ? `${digits}.${fraction}` : digits;
}

function decimalMark(bare: string, localeDecimal: string): string | null {
  const last = [...bare].reverse().find((char) => char === '.' || char === ',');
  if (!last) return null;
  const both = bare.includes('.') && bare.includes(',');
  if (both) return last;
  const count = bare.split(last).length - 1;
  if (count > 1) return null;
  const looksGrouped = /^[1-9]\d{0,2}[.,]\d{3}$/.test(bare);
  return last === localeDecimal || !looksGrouped ? last : null;
}

function isGrouped(whole: string, group: string | undefined): boolean {
  if (/^\d*$/.test(whole)) return true;
  return group !== undefined && new RegExp(`^\\d{1,3}(\\${group}\\d{3})+$`).test(whole);
}
