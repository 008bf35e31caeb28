/** What each link of the price chain takes of one offer. */
import { add, divide, minorDigits, multiply, subtract } from '@/lib/decimal';
import type { Money, Offer } from '@/live/protocol';

export interface Links {
  net: Money;
  commission: Money;
  margin: Money;
  agency: Money;
  markup: Money;
  selling: Money;
  /** Margin and commission: what the platform earns. */
  platform: Money;
}

/** Null while the offer lacks one of the amounts. */
export function linksOf(offer: Offer): Links | null {
  const { net_total: net, agency_total: agency, selling_total: selling } = offer;
  if (!net || !agency || !selling) return null;
  const { currency } = net;
  const money = (amount: string): Money => ({ amount, currency });
  const commission = divide(multiply(net.amount, offer.commission_percent ?? '0'), '100', minorDigits(currency));
  const margin = subtract(agency.amount, net.amount);
  return {
    net,
    agency,
    selling,
    commission: money(commission),
    margin: money(margin),
    markup: money(subtract(selling.amount, agency.amount)),
    platform: money(add(margin, commission)),
  };
}
