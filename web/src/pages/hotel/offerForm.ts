/** The offer as it is typed: texts in the viewer's language. */
import { compare } from '@/lib/decimal';
import type { Foc, MealPlan, Money, Offer, QuotationView, RatePer, RoomType, Tax } from '@/live/protocol';

export interface RoomLine {
  type: RoomType;
  quantity: string;
  rate: string;
  per: RatePer;
}

export interface TaxLine {
  name: string;
  included: boolean;
  per: Tax['per'];
  unit: 'amount' | 'percent';
  value: string;
}

export interface OfferForm {
  rooms: RoomLine[];
  supplement: string;
  reduction: string;
  board: MealPlan;
  foc: { free: string; per: string; unit: Foc['unit']; cap: string };
  taxes: TaxLine[];
  commission: string;
  included: string[];
  excluded: string[];
  optional: { name: string; price: string }[];
  optionUntil: string | null;
  releaseDate: string | null;
  allotment: string;
  guaranteed: boolean;
  deposits: { percent: string; due: string | null }[];
  cancellation: { days: string; percent: string }[];
  attrition: string;
  validUntil: string | null;
  notes: string;
  internalNotes: string;
}

export const ROOM_TYPES: readonly RoomType[] = ['single', 'double', 'twin', 'triple', 'suite'];

const blank: OfferForm = {
  rooms: [],
  supplement: '',
  reduction: '',
  board: 'BB',
  foc: { free: '1', per: '', unit: 'half_twin', cap: '' },
  taxes: [],
  commission: '',
  included: [],
  excluded: [],
  optional: [],
  optionUntil: null,
  releaseDate: null,
  allotment: '',
  guaranteed: false,
  deposits: [],
  cancellation: [],
  attrition: '',
  validUntil: null,
  notes: '',
  internalNotes: '',
};

/** A row for every room type that is asked for, after those that are there already. */
export function withAsked(form: OfferForm, view: QuotationView): OfferForm {
  const missing = ROOM_TYPES.filter((type) => (view.rooms?.[type] ?? 0) > 0 && !form.rooms.some((r) => r.type === type));
  const rows = missing.map((type): RoomLine => ({ type, quantity: String(view.rooms![type]), rate: '', per: 'room_night' }));
  return rows.length ? { ...form, rooms: [...form.rooms, ...rows].sort(byType) } : form;
}

const byType = (a: RoomLine, b: RoomLine): number => ROOM_TYPES.indexOf(a.type) - ROOM_TYPES.indexOf(b.type);

export const blankFor = (view: QuotationView): OfferForm =>
  withAsked({ ...blank, board: view.meal_plan ?? blank.board }, view);

/** The offer as its form shows it; `show` writes a decimal as the language does. */
export function formOf(offer: Offer, show: (decimal: string) => string): OfferForm {
  const money = (value?: Money): string => (value ? show(value.amount) : '');
  const percent = (value?: string): string => (value && compare(value, '0') !== 0 ? show(value) : '');
  return {
    rooms: (offer.rooms ?? []).map(({ type, quantity, net_rate, per }) => ({
      type,
      quantity: String(quantity),
      rate: money(net_rate),
      per,
    })),
    supplement: money(offer.single_supplement),
    reduction: money(offer.triple_reduction),
    board: offer.board ?? blank.board,
    foc: offer.foc
      ? { free: String(offer.foc.free), per: String(offer.foc.per), unit: offer.foc.unit, cap: String(offer.foc.cap ?? '') }
      : blank.foc,
    taxes: (offer.taxes ?? []).map(({ name, included, per, amount, percent: share }) => ({
      name,
      included,
      per,
      unit: amount ? 'amount' : 'percent',
      value: amount ? money(amount) : show(share ?? '0'),
    })),
    commission: percent(offer.commission_percent),
    included: offer.included_services ?? [],
    excluded: offer.excluded_services ?? [],
    optional: (offer.optional_services ?? []).map(({ name, price }) => ({ name, price: money(price) })),
    optionUntil: offer.option_until ?? null,
    releaseDate: offer.release_date ?? null,
    allotment: String(offer.allotment ?? ''),
    guaranteed: offer.guaranteed ?? false,
    deposits: (offer.deposits ?? []).map(({ percent: share, due }) => ({ percent: show(share), due })),
    cancellation: (offer.cancellation ?? []).map((stage) => ({
      days: String(stage.days_before),
      percent: show(stage.penalty_percent),
    })),
    attrition: percent(offer.attrition_percent),
    validUntil: offer.valid_until ?? null,
    notes: offer.notes ?? '',
    internalNotes: offer.internal_notes ?? '',
  };
}

const PRICED = ['supplement', 'reduction', 'foc', 'taxes', 'commission', 'optional'] as const;

/** Whether what is typed asks for another price than the offer that stands. */
export function changesPrice(typed: OfferForm, stood: OfferForm): boolean {
  const price = (form: OfferForm): string =>
    JSON.stringify([form.rooms.filter(({ rate }) => rate.trim()), ...PRICED.map((name) => form[name])]);
  return price(typed) !== price(stood);
}
