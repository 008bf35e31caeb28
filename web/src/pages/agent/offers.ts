/** What is told of offers in several places of the agent's pages. */
import type { Offer, QuotationView } from '@/live/protocol';

/** The offers that may be chosen or were, best first. */
export function competing(view: QuotationView): Offer[] {
  return inOrder(view).filter((offer) => offer.state !== 'withdrawn' && offer.state !== 'expired');
}

/** All offers: by rank, then those without one. */
export function inOrder(view: QuotationView): Offer[] {
  return Object.values(view.offers ?? {}).sort((a, b) => (a.rank ?? 999) - (b.rank ?? 999) || a.id.localeCompare(b.id));
}

export const hotelName = (view: QuotationView, hotelId: string): string =>
  view.invitations?.[hotelId]?.name ??
  Object.values(view.offers ?? {}).find((offer) => offer.hotel_id === hotelId)?.hotel_name ??
  hotelId;
