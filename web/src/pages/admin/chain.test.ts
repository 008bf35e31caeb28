import { expect, it } from 'vitest';
import { linksOf } from './chain';

it('tells what each link of the chain takes, to the cent', () => {
  const usd = (amount: string) => ({ amount, currency: 'USD' });
  const offer = {
    id: 'o',
    hotel_id: 'h',
    net_total: usd('7857.70'),
    agency_total: usd('8541.22'),
    selling_total: usd('9822.40'),
    commission_percent: '12',
  };
  expect(linksOf(offer)).toMatchObject({
    commission: usd('942.92'),
    margin: usd('683.52'),
    markup: usd('1281.18'),
    platform: usd('1626.44'),
  });
  expect(linksOf({ id: 'o', hotel_id: 'h', net_total: usd('1.00') })).toBeNull();
});

it('counts the trip, its contingency and the taxes where they belong', () => {
  const usd = (amount: string) => ({ amount, currency: 'USD' });
  const line = (kind: 'guide' | 'contingency' | 'margin', amount: string) => ({
    kind,
    quantity: 1,
    unit: usd(amount),
    amount: usd(amount),
  });
  const offer = {
    id: 'o',
    hotel_id: 'h',
    net_total: usd('3680.00'),
    agency_total: usd('4000.00'),
    agency_price: usd('4285.33'),
    selling_before_taxes: usd('4821.00'),
    selling_total: usd('5688.78'),
  };
  const costs = { fee: line('guide', '249.99'), contingency: line('contingency', '12.51'), margin: line('margin', '22.83') };
  expect(linksOf(offer, { costs })).toMatchObject({
    trip: usd('262.50'),
    margin: usd('342.83'),
    markup: usd('535.67'),
    taxes: usd('867.78'),
  });
});
