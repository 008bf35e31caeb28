/** Where an invitation stands for its hotel. */
import type { InvitationState, Offer, OfferState, QuotationView } from '@/live/protocol';

const LIVE: readonly (OfferState | undefined)[] = ['submitted', 'revised'];

export const ownOffer = (view: QuotationView): Offer | undefined => Object.values(view.offers ?? {})[0];

export const isLive = (offer: Offer | undefined): boolean => LIVE.includes(offer?.state);

export type Group = 'answer' | 'waiting' | 'decided';

/** What waits for the hotel, what waits for the agency, and what is over. */
export function groupOf(view: QuotationView): Group {
  if (view.invitation === 'open') return isLive(ownOffer(view)) ? 'waiting' : 'answer';
  if (Object.values(view.booking?.lines ?? {}).some((line) => line.state === 'pending')) return 'answer';
  return view.invitation === 'closed' && ownOffer(view) ? 'waiting' : 'decided';
}

const PLACE: Record<InvitationState, number> = { open: 0, selected: 1, closed: 2, not_selected: 3 };

/** What is due first, first; of what is decided, what was selected and arrives first. */
export function byDue(a: QuotationView, b: QuotationView): number {
  const place = (view: QuotationView): number => PLACE[view.invitation ?? 'closed'];
  const due = (view: QuotationView): string => (view.invitation === 'open' ? view.deadline : view.check_in) ?? '9';
  return place(a) - place(b) || due(a).localeCompare(due(b)) || a.id.localeCompare(b.id);
}
