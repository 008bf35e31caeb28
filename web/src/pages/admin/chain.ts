/** What each link of the price chain takes of one offer. */
import { add, divide, minorDigits, multiply, subtract } from '@/lib/decimal';
import type { Money, Offer, PriceLine, QuotationView } from '@/live/protocol';

export interface Links {
  net: Money;
  /** What the trip costs the platform besides the hotel's stay, contingency included. */
  trip: Money;
  commission: Money;
  margin: Money;
  agency: Money;
  markup: Money;
  taxes: Money;
  selling: Money;
  /** Margin and commission: what the platform earns. */
  platform: Money;
}

/** Null while the offer lacks one of the amounts. `running` are the quotation's running costs, if it has a programme. */
export function linksOf(offer: Offer, running?: QuotationView['running']): Links | null {
  const { net_total: net, selling_total: selling } = offer;
  const agency = offer.agency_price ?? offer.agency_total;
  if (!net || !agency || !selling) return null;
  const { currency } = net;
  const money = (amount: string): Money => ({ amount, currency });
  const commission = divide(multiply(net.amount, offer.commission_percent ?? '0'), '100', minorDigits(currency));
  const trip = sumOf([
    ...Object.values(offer.net_lines ?? {}).filter(({ kind }) => kind === 'service'),
    ...Object.values(running?.costs ?? {}).filter(({ kind }) => kind !== 'margin'),
  ]);
  const margin = subtract(subtract(agency.amount, net.amount), trip);
  const sold = offer.selling_before_taxes ?? selling;
  return {
    net,
    trip: money(trip),
    agency,
    selling,
    commission: money(commission),
    margin: money(margin),
    markup: money(subtract(sold.amount, agency.amount)),
    taxes: money(subtract(selling.amount, sold.amount)),
    platform: money(add(margin, commission)),
  };
}

const sumOf = (lines: PriceLine[]): string => lines.reduce((sum, { amount }) => add(sum, amount.amount), '0');
