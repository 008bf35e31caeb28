/** Where a trip stands on its way, in the client's terms. */
import { divide, minorDigits, multiply } from '@/lib/decimal';
import type { Money, QuotationState, QuotationView } from '@/live/protocol';

export type Stage = 'offers' | 'proposal' | 'accepted' | 'deposit' | 'confirmed' | 'travelled';

const REACHED: Partial<Record<QuotationState, Stage>> = {
  draft: 'offers',
  published: 'offers',
  reviewing: 'offers',
  awarded: 'proposal',
  accepted: 'accepted',
  deposit_paid: 'deposit',
  confirmed: 'confirmed',
  completed: 'travelled',
};

/** The stages of this trip and which of them it is in; none when it was called off. */
export function journey(view: QuotationView): { stages: Stage[]; at: number } {
  const deposit = view.deposit?.required === true || view.booking?.steps?.deposit?.state === 'done';
  const stages: Stage[] = ['offers', 'proposal', 'accepted', ...(deposit ? (['deposit'] as const) : []), 'confirmed', 'travelled'];
  const reached = view.state && REACHED[view.state];
  return { stages, at: reached ? Math.max(stages.indexOf(reached), reached === 'deposit' ? stages.indexOf('accepted') : -1) : -1 };
}

const NEED: Partial<Record<QuotationState, number>> = { awarded: 0, cancelled: 3, expired: 3, completed: 2 };

/** What waits for the client's answer, then what comes next, then what is over. */
export function byNeed(a: QuotationView, b: QuotationView): number {
  const need = (view: QuotationView): number => NEED[view.state ?? 'draft'] ?? 1;
  return need(a) - need(b) || (a.check_in ?? '9').localeCompare(b.check_in ?? '9') || a.title.localeCompare(b.title);
}

/** What the deposit comes to; null while there is no price to take a share of. */
export function depositAmount(view: QuotationView): Money | null {
  const { deposit, selling } = view;
  if (deposit?.amount) return deposit.amount;
  if (!deposit?.percent || !selling?.total) return null;
  const { amount, currency } = selling.total;
  return { currency, amount: divide(multiply(amount, deposit.percent), '100', minorDigits(currency)) };
}

/** Which of the bands (`10-14`, `40+`) a group of so many is in. */
export function bandOf(bands: readonly string[], pax: number): string | undefined {
  return bands.find((band) => {
    const [from, to] = band.endsWith('+') ? [band.slice(0, -1), undefined] : band.split('-');
    return Number(from) <= pax && (to === undefined || pax <= Number(to));
  });
}

/** Bands by size, smallest first, whatever order they came in. */
export const bySize = (bands: readonly string[]): string[] => [...bands].sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
