/** From what was typed to the offer on the wire, or to what is wrong with it. */
import { compare, minorDigits, parseDecimal } from '@/lib/decimal';
import type { Foc, JsonObject, Money } from '@/live/protocol';
import type { OfferForm, TaxLine } from './offerForm';

/** What keeps the offer from being sent: the place in the form, and what is wrong there. */
export interface Problem {
  field: string;
  kind: 'amount' | 'number' | 'percent' | 'needed';
}

export interface Read {
  /** The payload, sound only without problems. */
  offer: JsonObject;
  problems: Problem[];
}

/** Reads what was typed and keeps what was wrong. */
export class Reader {
  readonly problems: Problem[] = [];

  constructor(
    private readonly currency: string,
    private readonly locale: string,
  ) {}

  private wrong(field: string, kind: Problem['kind']): null {
    this.problems.push({ field, kind });
    return null;
  }

  money(field: string, typed: string): Money | null {
    if (!typed.trim()) return null;
    const amount = parseDecimal(typed, this.locale);
    const fits = amount !== null && (amount.split('.')[1]?.length ?? 0) <= minorDigits(this.currency);
    return fits ? { amount, currency: this.currency } : this.wrong(field, 'amount');
  }

  percent(field: string, typed: string): string | null {
    if (!typed.trim()) return null;
    const value = parseDecimal(typed.replace('%', ''), this.locale);
    return value !== null && compare(value, '100') <= 0 ? value : this.wrong(field, 'percent');
  }

  whole(field: string, typed: string): number | null {
    if (!typed.trim()) return null;
    return /^\d{1,4}$/.test(typed.trim()) ? Number(typed) : this.wrong(field, 'number');
  }

  needed<T>(field: string, typed: string, value: T | null): T | null {
    if (!typed.trim()) this.wrong(field, 'needed');
    return value;
  }

  text(field: string, typed: string): string {
    return this.needed(field, typed, typed.trim()) ?? '';
  }
}

/** What the form says. Rooms without a rate are not offered; at least one is. */
export function read(form: OfferForm, currency: string, locale: string): Read {
  const reader = new Reader(currency, locale);
  const offer: JsonObject = {
    rooms: rooms(form, reader),
    board: form.board,
    taxes: form.taxes.map((tax, index) => taxOf(tax, `taxes.${index}`, reader)),
    included_services: form.included,
    excluded_services: form.excluded,
    optional_services: form.optional.map(({ name, price }, index) => ({
      name: reader.text(`optional_services.${index}.name`, name),
      price: reader.needed(`optional_services.${index}.price`, price, reader.money(`optional_services.${index}.price`, price)),
    })) as unknown as JsonObject[],
    guaranteed: form.guaranteed,
    deposits: form.deposits.map(({ percent, due }, index) => ({
      percent: reader.needed(`deposits.${index}.percent`, percent, reader.percent(`deposits.${index}.percent`, percent)),
      due: reader.needed(`deposits.${index}.due`, due ?? '', due),
    })),
    cancellation: form.cancellation.map(({ days, percent }, index) => ({
      days_before: reader.needed(`cancellation.${index}.days_before`, days, reader.whole(`cancellation.${index}.days_before`, days)),
      penalty_percent: reader.needed(
        `cancellation.${index}.penalty_percent`,
        percent,
        reader.percent(`cancellation.${index}.penalty_percent`, percent),
      ),
    })),
    notes: form.notes.trim(),
    internal_notes: form.internalNotes.trim(),
    ...given({
      single_supplement: reader.money('single_supplement', form.supplement) as unknown as JsonObject | null,
      triple_reduction: reader.money('triple_reduction', form.reduction) as unknown as JsonObject | null,
      foc: focOf(form, reader) as unknown as JsonObject | null,
      commission_percent: reader.percent('commission_percent', form.commission),
      attrition_percent: reader.percent('attrition_percent', form.attrition),
      option_until: form.optionUntil,
      release_date: form.releaseDate,
      allotment: reader.whole('allotment', form.allotment),
      valid_until: form.validUntil,
    }),
  };
  return { offer, problems: reader.problems };
}

/** Only what is set: the server takes no nulls for what has a default. */
const given = (values: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

function rooms(form: OfferForm, reader: Reader): JsonObject[] {
  const offered = form.rooms.map((room, index) => ({ room, index })).filter(({ room }) => room.rate.trim());
  if (!offered.length) reader.needed(`rooms.0.net_rate`, '', null);
  return offered.map(({ room: { type, rate, per, quantity }, index }) => ({
    type,
    net_rate: reader.money(`rooms.${index}.net_rate`, rate) as unknown as JsonObject,
    per,
    quantity: reader.needed(`rooms.${index}.quantity`, quantity, reader.whole(`rooms.${index}.quantity`, quantity)),
  }));
}

function taxOf({ name, included, per, unit, value }: TaxLine, field: string, reader: Reader): JsonObject {
  const read = unit === 'amount' ? reader.money(`${field}.amount`, value) : reader.percent(`${field}.percent`, value);
  reader.needed(`${field}.${unit}`, value, read);
  return { name: reader.text(`${field}.name`, name), included, per, [unit]: read as unknown as JsonObject };
}

/** No free places without the number who pay for one. */
export function focOf({ foc }: OfferForm, reader: Reader): Foc | null {
  if (!foc.per.trim()) return null;
  const per = reader.whole('foc.per', foc.per);
  const free = reader.needed('foc.free', foc.free, reader.whole('foc.free', foc.free));
  const cap = reader.whole('foc.cap', foc.cap);
  return per ? { free: free ?? 1, per, unit: foc.unit, ...(cap === null ? {} : { cap }) } : null;
}
