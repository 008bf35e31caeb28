/** The offer as it is typed, and both ways between it and the wire. */
import { decimalText, minorDigits, parseDecimal } from '@/lib/decimal';
import type { Tariff } from '@/lib/pricing';
import type { Foc, JsonObject, MealPlan, Money, Offer, Payload, QuotationView, RatePer, RoomType, Tax } from '@/live/protocol';

export type OfferContent = Payload<'offer.submit'>['offer'];

export interface RoomLine {
  type: RoomType;
  rate: string;
  per: RatePer;
  quantity: string;
}

export interface TaxLine {
  name: string;
  value: string;
  per: Tax['per'];
  included: boolean;
}

export interface OfferForm {
  rooms: RoomLine[];
  single_supplement: string;
  triple_reduction: string;
  extra_bed: string;
  child_bands: { up_to: string; percent: string }[];
  board: MealPlan;
  commission_percent: string;
  foc: { free: string; per: string; unit: Foc['unit']; cap: string };
  taxes: TaxLine[];
  included_services: string[];
  excluded_services: string[];
  optional_services: { name: string; price: string }[];
  option_until: string | null;
  release_date: string;
  allotment: string;
  guaranteed: boolean;
  attrition_percent: string;
  deposits: { percent: string; due: string }[];
  cancellation: { days_before: string; penalty_percent: string }[];
  valid_until: string | null;
  notes: string;
  internal_notes: string;
}

/** A problem of the form: which field, and for a room which type. */
export interface Problem {
  kind: 'rate' | 'quantity' | 'room' | 'field';
  field: string;
  room?: RoomType;
}

const TYPES: RoomType[] = ['single', 'double', 'twin', 'triple', 'suite'];

/** What was sent, or a fresh form for what the group asks. */
export function formOf(view: QuotationView, offer: Offer | undefined, locale: string): OfferForm {
  const money = (value: Money | undefined): string => (value ? decimalText(value.amount, locale) : '');
  const decimal = (value: string | undefined): string => (value ? decimalText(value, locale) : '');
  const count = (value: number | undefined): string => (value === undefined ? '' : String(value));
  return {
    rooms: offer?.rooms
      ? offer.rooms.map(({ type, net_rate, per, quantity }) => ({ type, per, rate: money(net_rate), quantity: String(quantity) }))
      : askedRooms(view),
    single_supplement: money(offer?.single_supplement),
    triple_reduction: money(offer?.triple_reduction),
    extra_bed: money(offer?.extra_bed),
    child_bands: (offer?.child_bands ?? []).map((band) => ({ up_to: String(band.up_to), percent: decimal(band.percent) })),
    board: offer?.board ?? view.meal_plan ?? 'BB',
    commission_percent: decimal(offer?.commission_percent),
    foc: {
      free: count(offer?.foc?.free),
      per: count(offer?.foc?.per),
      unit: offer?.foc?.unit ?? 'half_twin',
      cap: count(offer?.foc?.cap),
    },
    taxes: (offer?.taxes ?? []).map(({ name, included, per, amount, percent }) => ({
      name,
      included,
      per,
      value: percent === undefined ? money(amount) : `${decimal(percent)}%`,
    })),
    included_services: offer?.included_services ?? [],
    excluded_services: offer?.excluded_services ?? [],
    optional_services: (offer?.optional_services ?? []).map(({ name, price }) => ({ name, price: money(price) })),
    option_until: offer?.option_until ?? null,
    release_date: offer?.release_date ?? '',
    allotment: count(offer?.allotment),
    guaranteed: offer?.guaranteed ?? false,
    attrition_percent: decimal(offer?.attrition_percent),
    deposits: (offer?.deposits ?? []).map(({ percent, due }) => ({ percent: decimal(percent), due })),
    cancellation: (offer?.cancellation ?? []).map((stage) => ({
      days_before: String(stage.days_before),
      penalty_percent: decimal(stage.penalty_percent),
    })),
    valid_until: offer?.valid_until ?? null,
    notes: offer?.notes ?? '',
    internal_notes: offer?.internal_notes ?? '',
  };
}

function askedRooms(view: QuotationView): RoomLine[] {
  const asked = TYPES.filter((type) => (view.rooms?.[type] ?? 0) > 0);
  const types: RoomType[] = asked.length ? asked : ['double'];
  return types.map((type) => ({ type, rate: '', per: 'room_night', quantity: String(view.rooms?.[type] ?? '') }));
}

export const otherTypes = (form: OfferForm): RoomType[] =>
  TYPES.filter((type) => !form.rooms.some((room) => room.type === type));

/** Reads what was typed, remembering what could not be read. */
class Reader {
  readonly problems: Problem[] = [];

  constructor(
    private readonly locale: string,
    private readonly currency: string,
  ) {}

  money(typed: string, problem: Problem): Money | undefined {
    if (!typed.trim() && problem.kind === 'field') return undefined;
    const amount = parseDecimal(typed, this.locale);
    if (amount !== null && (amount.split('.')[1]?.length ?? 0) <= minorDigits(this.currency)) {
      return { amount, currency: this.currency };
    }
    this.problems.push(problem);
    return undefined;
  }

  percent(typed: string, field: string): string | undefined {
    if (!typed.trim()) return undefined;
    const value = parseDecimal(typed.replace('%', ''), this.locale);
    if (value === null || Number(value) > 100) this.problems.push({ kind: 'field', field });
    return value ?? undefined;
  }

  count(typed: string, problem: Problem): number | undefined {
    if (!typed.trim() && problem.kind === 'field') return undefined;
    if (/^\d{1,4}$/.test(typed.trim())) return Number(typed);
    this.problems.push(problem);
    return undefined;
  }
}

const defined = (object: Record<string, unknown>): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== '')) as JsonObject;

/** The offer for the wire; it may be sent only when there are no problems. */
export function payloadOf(form: OfferForm, currency: string, locale: string): { offer: OfferContent; problems: Problem[] } {
  const read = new Reader(locale, currency);
  const field = (name: string): Problem => ({ kind: 'field', field: name });
  const offer = defined({
    rooms: form.rooms.map(({ type, rate, per, quantity }) =>
      defined({
        type,
        per,
        net_rate: read.money(rate, { kind: 'rate', field: 'rooms', room: type }),
        quantity: read.count(quantity, { kind: 'quantity', field: 'rooms', room: type }),
      }),
    ),
    single_supplement: read.money(form.single_supplement, field('single_supplement')),
    triple_reduction: read.money(form.triple_reduction, field('triple_reduction')),
    extra_bed: read.money(form.extra_bed, field('extra_bed')),
    child_bands: form.child_bands
      .filter((band) => band.up_to.trim() || band.percent.trim())
      .map(({ up_to, percent }) =>
        defined({ up_to: read.count(up_to || '?', field('child_bands')), percent: read.percent(percent || '0', 'child_bands') }),
      ),
    board: form.board,
    commission_percent: read.percent(form.commission_percent, 'commission_percent'),
    foc: focOf(form.foc, read),
    taxes: form.taxes.filter((tax) => tax.name.trim() || tax.value.trim()).map((tax) => taxOf(tax, read)),
    included_services: form.included_services,
    excluded_services: form.excluded_services,
    optional_services: form.optional_services
      .filter((service) => service.name.trim())
      .map(({ name, price }) => defined({ name: name.trim(), price: read.money(price || '?', field('optional_services')) })),
    option_until: form.option_until ?? undefined,
    release_date: form.release_date,
    allotment: read.count(form.allotment, field('allotment')),
    guaranteed: form.guaranteed,
    attrition_percent: read.percent(form.attrition_percent, 'attrition_percent'),
    deposits: form.deposits
      .filter((stage) => stage.percent.trim() && stage.due)
      .map(({ percent, due }) => defined({ percent: read.percent(percent, 'deposits'), due })),
    cancellation: form.cancellation
      .filter((stage) => stage.days_before.trim() || stage.penalty_percent.trim())
      .map(({ days_before, penalty_percent }) =>
        defined({
          days_before: read.count(days_before || '?', field('cancellation')),
          penalty_percent: read.percent(penalty_percent || '0', 'cancellation'),
        }),
      ),
    valid_until: form.valid_until ?? undefined,
    notes: form.notes,
    internal_notes: form.internal_notes,
  });
  if (form.rooms.length === 0) read.problems.push({ kind: 'room', field: 'rooms' });
  return { offer: offer as unknown as OfferContent, problems: read.problems };
}

function focOf({ free, per, unit, cap }: OfferForm['foc'], read: Reader): JsonObject | undefined {
  if (!per.trim() && !free.trim()) return undefined;
  const problem: Problem = { kind: 'field', field: 'foc' };
  return defined({ free: read.count(free || '1', problem), per: read.count(per || '?', problem), unit, cap: read.count(cap, problem) });
}

function taxOf({ name, value, per, included }: TaxLine, read: Reader): JsonObject {
  const rate = value.includes('%')
    ? { percent: read.percent(value, 'taxes') }
    : { amount: read.money(value || '?', { kind: 'field', field: 'taxes' }) };
  return defined({ name: name.trim() || '–', included, per, ...rate });
}

/** What can be priced of the form so far; a rate that is not there yet counts as nothing. */
export function tariffOf(form: OfferForm, locale: string): Tariff {
  const count = (typed: string): number => (/^\d{1,4}$/.test(typed.trim()) ? Number(typed) : 0);
  const foc = form.foc;
  return {
    rooms: form.rooms.map(({ type, rate, per, quantity }) => ({
      type,
      per,
      rate: parseDecimal(rate, locale) ?? '0',
      quantity: count(quantity),
    })),
    supplement: parseDecimal(form.single_supplement, locale) ?? undefined,
    reduction: parseDecimal(form.triple_reduction, locale) ?? undefined,
    foc: count(foc.per)
      ? { free: count(foc.free || '1'), per: count(foc.per), unit: foc.unit, ...(foc.cap.trim() ? { cap: count(foc.cap) } : {}) }
      : undefined,
  };
}
