import { describe, expect, it } from 'vitest';
import type { OfferState, QuotationView } from '@/live/protocol';
import { byDue, groupOf } from './standing';

const view = (id: string, more: Partial<QuotationView>, state?: OfferState): QuotationView => ({
  id,
  title: id,
  currency: 'USD',
  ...more,
  ...(state ? { offers: { o: { id: 'o', hotel_id: 'h', state } } } : {}),
});

describe('invitations', () => {
  it('wait for the hotel until its offer stands, and again when the terms changed or rooms are to be confirmed', () => {
    expect(groupOf(view('a', { invitation: 'open' }))).toBe('answer');
    expect(groupOf(view('a', { invitation: 'open' }, 'outdated'))).toBe('answer');
    expect(groupOf(view('a', { invitation: 'open' }, 'withdrawn'))).toBe('answer');
    expect(groupOf(view('a', { invitation: 'open' }, 'revised'))).toBe('waiting');
    expect(groupOf(view('a', { invitation: 'closed' }, 'submitted'))).toBe('waiting');
    expect(groupOf(view('a', { invitation: 'closed' }))).toBe('decided');
    const booking = { id: 'b', lines: { l: { id: 'l', state: 'pending' as const } } };
    expect(groupOf(view('a', { invitation: 'selected', booking }))).toBe('answer');
  });

  it('come in the order in which they are due', () => {
    const rows = [
      view('over', { invitation: 'not_selected', deadline: '2026-01-01T00:00:00Z' }),
      view('late', { invitation: 'open', deadline: '2026-12-02T00:00:00Z' }),
      view('soon', { invitation: 'open', deadline: '2026-12-01T00:00:00Z' }),
      view('won', { invitation: 'selected', check_in: '2027-01-01' }),
    ];
    expect(rows.sort(byDue).map(({ id }) => id)).toEqual(['soon', 'late', 'won', 'over']);
  });
});
