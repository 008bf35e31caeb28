/**
 * The price of an offer's accommodation, at whichever link of the chain its rates are, and what another markup would make
 * of a trip: the server's computation, repeated here so that a form can show what it will say. Fractions of BigInts,
 * rounded half-even at the very end.
 */
import type { Foc, Money, RatePer, RoomType } from '@/live/protocol';
import { minorDigits, round } from './decimal';

export interface Rated {
  type: RoomType;
  rate: string;
  per: RatePer;
  quantity: number;
}

export interface Tariff {
  rooms: Rated[];
  supplement?: string;
  reduction?: string;
  foc?: Foc;
}

export const BEDS: Record<RoomType, number> = { single: 1, double: 2, twin: 2, triple: 3, suite: 2 };

/** Group sizes by name, each with its smallest group: the one that is priced. */
export const BANDS: readonly (readonly [string, number])[] = [
  ['10-14', 10],
  ['15-19', 15],
  ['20-24', 20],
  ['25-29', 25],
  ['30-34', 30],
  ['35-39', 35],
  ['40+', 40],
];

const SHARING: readonly RoomType[] = ['twin', 'double', 'suite', 'triple', 'single'];

interface Fraction {
  n: bigint;
  d: bigint;
}

const ZERO: Fraction = { n: 0n, d: 1n };
const of = (value: number): Fraction => ({ n: BigInt(value), d: 1n });
const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const minus = (a: Fraction, b: Fraction): Fraction => plus(a, { n: -b.n, d: b.d });
const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
const over = (a: Fraction, b: number): Fraction => ({ n: a.n, d: a.d * BigInt(b) });
const atLeastZero = (a: Fraction): Fraction => (a.n < 0n ? ZERO : a);

function parse(text: string): Fraction {
  const [whole = '0', part = ''] = text.split('.');
  return { n: BigInt(whole + part), d: 10n ** BigInt(part.length) };
}

/** Enough digits that a tie at the minor unit is seen as one. */
const GUARD_DIGITS = 24n;

function toMoney({ n, d }: Fraction, currency: string): Money {
  const scaled = (n * 10n ** GUARD_DIGITS) / d;
  const digits = scaled.toString().padStart(Number(GUARD_DIGITS) + 1, '0');
  const exact = `${digits.slice(0, -Number(GUARD_DIGITS))}.${digits.slice(-Number(GUARD_DIGITS))}`;
  return { amount: round(exact, minorDigits(currency)), currency };
}

/** How many of `heads` go free: as many as the others pay for. */
export function freePlaces(foc: Foc | undefined, heads: number): number {
  if (!foc) return 0;
  const size = foc.per + foc.free;
  const free = Math.floor(heads / size) * foc.free + Math.max(0, (heads % size) - foc.per);
  return foc.cap === undefined ? free : Math.min(free, foc.cap);
}

export const headsOf = (rooms: readonly Pick<Rated, 'type' | 'quantity'>[], pax: number): number =>
  pax || rooms.reduce((sum, room) => sum + BEDS[room.type] * room.quantity, 0);

function roomPrice(room: Rated, tariff: Tariff): Fraction {
  const rate = parse(room.rate);
  if (room.per === 'room_night') return rate;
  const supplement = room.type === 'single' ? parse(tariff.supplement ?? '0') : ZERO;
  const reduction = room.type === 'triple' ? parse(tariff.reduction ?? '0') : ZERO;
  return times(atLeastZero(minus(plus(rate, supplement), reduction)), of(BEDS[room.type]));
}

function personPrice(tariff: Tariff, preferred: readonly RoomType[]): Fraction {
  const kind = preferred.find((type) => tariff.rooms.some((room) => room.type === type));
  const room = tariff.rooms.find((candidate) => candidate.type === kind);
  return room ? over(roomPrice(room, tariff), BEDS[room.type]) : ZERO;
}

const freePlacePrice = (tariff: Tariff): Fraction =>
  personPrice(tariff, tariff.foc?.unit === 'single' ? ['single', ...SHARING] : SHARING);

/** What one room type comes to for all its rooms and nights. */
export function roomTotal(room: Rated, tariff: Tariff, nights: number, currency: string): Money {
  return toMoney(times(times(roomPrice(room, tariff), of(room.quantity)), of(nights)), currency);
}

/** The whole stay of a group of `pax` (0: as many as the rooms have beds). */
export function stayTotal(tariff: Tariff, nights: number, pax: number, currency: string): Money {
  return toMoney(stay(tariff, nights, pax), currency);
}

function stay(tariff: Tariff, nights: number, pax: number): Fraction {
  const rooms = tariff.rooms.reduce((sum, room) => plus(sum, times(roomPrice(room, tariff), of(room.quantity))), ZERO);
  const free = freePlaces(tariff.foc, headsOf(tariff.rooms, pax));
  return times(atLeastZero(minus(rooms, times(freePlacePrice(tariff), of(free)))), of(nights));
}

const marked = (price: Fraction, markupPercent: string): Fraction =>
  times(price, over(plus(of(100), parse(markupPercent)), 100));

export interface SellingPreview {
  /** Before taxes. */
  price: Money;
  total: Money;
  perPerson: Money;
  bands: (readonly [name: string, price: Money])[];
}

/** What the selling price is made of besides the markup: the agency's prices, as the server gave them. */
export interface Trip {
  tariff: Tariff;
  nights: number;
  pax: number;
  /** The whole of it. */
  agencyPrice: string;
  /** What running costs and the hotel's services come to for the group of each band, in order. */
  bands?: readonly (readonly [name: string, costs: string])[];
  taxPercents?: readonly string[];
  /** Bands that have a markup of their own. */
  bandMarkups?: Readonly<Record<string, string>>;
  currency: string;
}

const firstOf = (band: string): number => Number.parseInt(band, 10);

const holds = (band: string, size: number): boolean => {
  const last = band.split('-')[1];
  return size >= firstOf(band) && (last === undefined || size <= Number(last));
};

/** What the client would pay if the agency put `markupPercent` on the trip. */
export function sellingPreview(trip: Trip, markupPercent: string): SellingPreview {
  const { tariff, currency, bandMarkups = {}, taxPercents = [] } = trip;
  const bands = trip.bands ?? BANDS.map(([name]) => [name, '0'] as const);
  const heads = headsOf(tariff.rooms, trip.pax);
  const markupOf = (size: number): string => {
    const own = bands.find(([name]) => holds(name, size))?.[0];
    return (own !== undefined && bandMarkups[own]) || markupPercent;
  };
  const price = toMoney(marked(parse(trip.agencyPrice), markupOf(heads)), currency);
  const taxes = taxPercents.map((percent) => toMoney(over(times(parse(price.amount), parse(percent)), 100), currency));
  const total = taxes.reduce((sum, tax) => plus(sum, parse(tax.amount)), parse(price.amount));
  const taxed = taxPercents.reduce((sum, percent) => plus(sum, over(parse(percent), 100)), of(1));
  const band = (name: string, costs: string): Money => {
    const size = firstOf(name);
    const free = freePlaces(tariff.foc, size);
    const stay = minus(times(of(size), personPrice(tariff, SHARING)), times(of(free), freePlacePrice(tariff)));
    const all = plus(times(atLeastZero(stay), of(trip.nights)), parse(costs));
    return toMoney(times(marked(over(all, size - free), markupOf(size)), taxed), currency);
  };
  return {
    price,
    total: toMoney(total, currency),
    perPerson: toMoney(over(total, Math.max(1, heads - freePlaces(tariff.foc, heads))), currency),
    bands: bands.map(([name, costs]) => [name, band(name, costs)] as const),
  };
}
