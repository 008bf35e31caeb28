/** A booking's steps as a line of time, made of whatever of them the viewer's view has. */
import type { Booking, BookingLine, BookingStep } from '@/live/protocol';

export type Payment = NonNullable<Booking['payments']>[string];

export interface Entry {
  name: string;
  step: BookingStep;
  /** Milliseconds from its beginning to its end; null while it runs or where nobody says. */
  took: number | null;
  payments: Payment[];
  lines: BookingLine[];
}

/** In the order in which they are done; whatever else there is comes behind. */
const ORDER = ['deposit', 'hotels', 'guides', 'transport', 'documents', 'confirmation'];
const OVER = new Set(['done', 'failed', 'undone']);
const SETTLED = new Set(['done', 'not_needed']);

const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
const byTime = (one: Payment, other: Payment): number => (one.at ?? '').localeCompare(other.at ?? '');

export function entriesOf(booking: Booking): Entry[] {
  return Object.entries(booking.steps ?? {})
    .sort(([one], [other]) => place(one) - place(other))
    .map(([name, step]) => ({
      name,
      step,
      took: tookOf(step),
      payments: name === 'deposit' ? Object.values(booking.payments ?? {}).sort(byTime) : [],
      lines: name === 'hotels' ? Object.values(booking.lines ?? {}) : [],
    }));
}

function tookOf({ state, started_at, at }: BookingStep): number | null {
  return OVER.has(state) && started_at && at ? Math.max(0, Date.parse(at) - Date.parse(started_at)) : null;
}

/** How many of the steps that are needed are done. */
export function progressOf(booking: Booking): { done: number; all: number } {
  const needed = Object.values(booking.steps ?? {}).filter(({ state }) => state !== 'not_needed');
  return { done: needed.filter(({ state }) => state === 'done').length, all: needed.length };
}

export type Ending = 'undoing' | 'undone' | 'left';

/** How far the undoing of a cancelled booking is; null for one that goes on. */
export function endingOf(booking: Booking): Ending | null {
  if (booking.status !== 'cancelled') return null;
  const states = Object.values(booking.steps ?? {}).map(({ state }) => state);
  if (states.some((state) => state === 'done' || state === 'running' || state === 'waiting')) return 'undoing';
  const refund = Object.values(booking.payments ?? {}).filter(({ kind }) => kind === 'refund');
  return refund.some(({ state }) => state === 'failed') && !refund.some(({ state }) => state === 'received') ? 'left' : 'undone';
}

export const mayCancel = (booking: Booking, role: string): boolean =>
  (booking.status === 'pending' || booking.status === 'confirmed') && ['admin', 'agent', 'client'].includes(role);

/** Whether something is left that an operator could have tried again. */
export const mayRetry = (booking: Booking, role: string): boolean =>
  role === 'admin' &&
  (booking.status === 'cancelled'
    ? endingOf(booking) !== 'undone'
    : Object.values(booking.steps ?? {}).some(({ state }) => !SETTLED.has(state)));
