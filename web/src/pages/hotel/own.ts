import type { Offer, QuotationView } from '@/live/protocol';

/** The one offer in a hotel's view: its own. */
export const ownOffer = (view: QuotationView): Offer | undefined => Object.values(view.offers ?? {})[0];

/** How many more times the offer may be sent; the first time is always free. */
export const sendsLeft = (offer: Offer | undefined): number => (offer ? (offer.revisions_left ?? 0) : 1);
