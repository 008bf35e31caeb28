import { describe, expect, it } from 'vitest';
import type { Booking, BookingStep } from '@/live/protocol';
import { endingOf, entriesOf, mayCancel, mayRetry, progressOf } from './timeline';

const step = (state: BookingStep['state'], more: Partial<BookingStep> = {}): BookingStep => ({ state, ...more });
const booking = (more: Partial<Booking>): Booking => ({ id: 'b', status: 'pending', ...more });

describe('the timeline of a booking', () => {
  it('is in the order of the work, with payments and lines where they belong', () => {
    const entries = entriesOf(
      booking({
        steps: {
          documents: step('waiting'),
          hotels: step('running', { attempts: 2 }),
          deposit: step('done', { started_at: '2026-11-22T10:00:00Z', at: '2026-11-22T10:02:00Z' }),
        },
        lines: { l: { id: 'l', state: 'pending' } },
        payments: { r: { kind: 'refund', at: '2026-11-22T10:03:00Z' }, d: { kind: 'deposit', at: '2026-11-22T10:00:00Z' } },
      }),
    );
    expect(entries.map(({ name }) => name)).toEqual(['deposit', 'hotels', 'documents']);
    expect(entries[0]!.payments.map(({ kind }) => kind)).toEqual(['deposit', 'refund']);
    expect(entries.map(({ took, lines }) => [took, lines.length])).toEqual([
      [120_000, 0],
      [null, 1],
      [null, 0],
    ]);
  });
  it('shows of what is not in the view nothing', () => {
    expect(entriesOf(booking({ steps: { hotels: step('running') } }))).toEqual([
      { name: 'hotels', step: { state: 'running' }, took: null, payments: [], lines: [] },
    ]);
  });
  it('counts what is needed', () => {
    const steps = { deposit: step('not_needed'), hotels: step('done'), documents: step('waiting') };
    expect(progressOf(booking({ steps }))).toEqual({ done: 1, all: 2 });
  });
  it('says how far a cancelled one is undone', () => {
    const cancelled = (...states: BookingStep['state'][]): Booking =>
      booking({ status: 'cancelled', steps: Object.fromEntries(states.map((state, index) => [String(index), step(state)])) });
    expect(endingOf(booking({}))).toBeNull();
    expect(endingOf(cancelled('done', 'undone'))).toBe('undoing');
    expect(endingOf(cancelled('failed', 'undone', 'not_needed'))).toBe('undone');
    expect(endingOf({ ...cancelled('failed'), payments: { r: { kind: 'refund', state: 'failed' } } })).toBe('left');
  });
  it('offers what the commands allow', () => {
    const running = booking({ steps: { hotels: step('running') } });
    expect(['admin', 'agent', 'client', 'guide', 'hotel'].filter((role) => mayCancel(running, role))).toEqual([
      'admin',
      'agent',
      'client',
    ]);
    expect(mayCancel(booking({ status: 'completed' }), 'agent')).toBe(false);
    expect(mayRetry(running, 'agent')).toBe(false);
    expect(mayRetry(running, 'admin')).toBe(true);
    expect(mayRetry(booking({ status: 'confirmed', steps: { hotels: step('done') } }), 'admin')).toBe(false);
  });
});
