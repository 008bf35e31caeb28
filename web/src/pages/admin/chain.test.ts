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
