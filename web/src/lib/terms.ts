/** Fields of the terms: what they are called, how their values read, and until when they may change. */
import { useMemo } from 'react';
import { useT, type Key, type Translate } from '@/i18n';
import { isObject } from '@/live/merge';
import type { Json, Money, QuotationState, QuotationView } from '@/live/protocol';
import { useFormat, type Format } from './format';

const isMoney = (value: unknown): value is Money => isObject(value) && 'amount' in value && 'currency' in value;

export interface TermWords {
  name: (field: string) => string;
  value: (field: string, value: Json | undefined) => string;
}

const NOTHING = '–';
const PERCENT = /_percent$|^deposit\.percent$|^weights\./;

function textOf(field: string, value: Json | undefined, t: Translate, format: Format, has: (k: string) => boolean): string {
  if (value === null || value === undefined || value === '') return NOTHING;
  if (typeof value === 'boolean') return t(value ? 'answer.yes' : 'answer.no');
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') {
    if (has(`meal.${value}`)) return t(`meal.${value}` as Key);
    if (has(`mode.${value}`)) return t(`mode.${value}` as Key);
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return format.day(value);
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return format.time(value);
    return PERCENT.test(field) ? format.percent(value) : value;
  }
  if (Array.isArray(value)) return value.length ? value.map((item) => textOf(field, item, t, format, has)).join(', ') : NOTHING;
  if (isMoney(value)) return format.money(value);
  const parts = Object.entries(value)
    .filter(([, part]) => part !== null && part !== 0 && part !== '')
    .map(([name, part]) => `${nameOf(`${field}.${name}`, t, has)} ${textOf(`${field}.${name}`, part, t, format, has)}`);
  return parts.join(', ') || NOTHING;
}

function nameOf(field: string, t: Translate, has: (k: string) => boolean): string {
  if (has(`term.${field}`)) return t(`term.${field}` as Key);
  const [head = '', ...rest] = field.split('.');
  const last = rest.at(-1) ?? '';
  if (head === 'rooms' && has(`room.${last}`)) return t(`room.${last}` as Key);
  if (has(`part.${last}`)) return t(`part.${last}` as Key);
  return has(`term.${head}`) ? `${t(`term.${head}` as Key)} ${last.replaceAll('_', ' ')}`.trim() : field;
}

export function useTermWords(): TermWords {
  const { t, has, language } = useT();
  const format = useFormat();
  return useMemo(
    () => ({
      name: (field) => nameOf(field, t, has),
      value: (field, value) => textOf(field, value, t, format, has),
    }),
    [language, format],
  );
}

const DRAFT: readonly QuotationState[] = ['draft'];
const BEFORE_CLOSING: readonly QuotationState[] = [...DRAFT, 'published'];
const BEFORE_ACCEPTANCE: readonly QuotationState[] = [...BEFORE_CLOSING, 'reviewing', 'awarded'];
const OPEN: readonly QuotationState[] = [...BEFORE_ACCEPTANCE, 'accepted', 'deposit_paid', 'confirmed'];

const PRICED_BY_HOTELS = [
  'destination',
  'check_in',
  'check_out',
  'rooms',
  'adults',
  'children_ages',
  'meal_plan',
  'special_requirements',
];

const CHANGEABLE: Readonly<Record<string, readonly QuotationState[]>> = Object.fromEntries([
  ...['title', 'notes', 'internal_notes', 'budget', 'weights', 'min_offers'].map((field) => [field, OPEN]),
  ...['markup_percent', 'band_markups', 'programme', 'margin_percent', 'client_id', 'deposit'].map((field) => [
    field,
    BEFORE_ACCEPTANCE,
  ]),
  ...[...PRICED_BY_HOTELS, 'auto_award', 'privacy'].map((field) => [field, BEFORE_CLOSING]),
  ...['currency', 'hotel_selection', 'deadline'].map((field) => [field, DRAFT]),
]);

/**
 * Whether a field of the terms may change at this stage, as the server will decide it; `outdates` says that the
 * change marks every offer outdated.
 */
export function editable(view: QuotationView, field: string): { allowed: boolean; outdates: boolean } {
  const term = field.split('.')[0]!;
  const allowed = view.state !== undefined && (CHANGEABLE[term] ?? []).includes(view.state);
  return { allowed, outdates: allowed && view.state === 'published' && PRICED_BY_HOTELS.includes(term) };
}
