/** What is told of offers in several places of the agent's pages. */
import type { Money, Offer, QuotationView } from '@/live/protocol';

/** The offers that may be chosen or were, best first. */
export function competing(view: QuotationView): Offer[] {
  return inOrder(view).filter((offer) => offer.state !== 'withdrawn' && offer.state !== 'expired');
}

/** All offers: by rank, then those without one. */
export function inOrder(view: QuotationView): Offer[] {
  return Object.values(view.offers ?? {}).sort((a, b) => (a.rank ?? 999) - (b.rank ?? 999) || a.id.localeCompare(b.id));
}

/** What the agency pays for the whole trip with this offer. */
export const agencyPrice = (offer: Offer): Money | undefined => offer.agency_price ?? offer.agency_total;

/** What the client pays for it before taxes: the rest is the agency's. */
export const soldFor = (offer: Offer): Money | undefined => offer.selling_before_taxes ?? offer.selling_total;

export const hotelName = (view: QuotationView, hotelId: string): string =>
  view.invitations?.[hotelId]?.name ??
  Object.values(view.offers ?? {}).find((offer) => offer.hotel_id === hotelId)?.hotel_name ??
  hotelId;
