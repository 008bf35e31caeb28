/** From what the agency pays to what the client pays, by group size, and what another markup would do. */
import { NativeSelect, Slider, Button } from '@mantine/core';
import { IconCalculator } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useT } from '@/i18n';
import { add, compare, subtract } from '@/lib/decimal';
import { useFormat } from '@/lib/format';
import { sellingPreview, type SellingPreview, type Tariff, type Trip } from '@/lib/pricing';
import { nights } from '@/lib/stay';
import { editable } from '@/lib/terms';
import { edit } from '@/live/edits';
import type { Money, Offer, QuotationView } from '@/live/protocol';
import { showRefusal } from '@/ui/refusals';
import { Notice, Rows } from '@/ui/states';
import { agencyPrice, competing, hotelName } from './offers';
import classes from './PriceBuilder.module.css';

const BandChart = lazy(() => import('./BandChart'));

export function PriceBuilder({ view }: { view: QuotationView }) {
  const { t } = useT();
  const offers = competing(view);
  const [chosen, setChosen] = useState<string | null>(null);
  const offer = offers.find(({ id }) => id === (chosen ?? view.awarded_offer_id)) ?? offers[0];
  if (!offer) return <Notice icon={<IconCalculator size={24} />} title={t('tab.price')} hint={t('price.need_offer')} />;
  return (
    <section className={classes.builder} data-testid="price-builder">
      <div className={classes.head}>
        <h2>{t('price.title')}</h2>
        <NativeSelect
          size="xs"
          aria-label={t('price.offer')}
          value={offer.id}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={offers.map(({ id, hotel_id }) => ({ value: id, label: hotelName(view, hotel_id) }))}
        />
      </div>
      <Builder key={offer.id} view={view} offer={offer} />
    </section>
  );
}

function Builder({ view, offer }: { view: QuotationView; offer: Offer }) {
  const { t } = useT();
  const format = useFormat();
  const markup = view.markup_percent ?? '0';
  const [tried, setTried] = useState<string | null>(null);
  const preview = (percent: string): SellingPreview => sellingPreview(tripOf(view, offer), percent);
  const agency = agencyPrice(offer);
  const now = preview(markup);
  const other = tried !== null && compare(tried, markup) !== 0 ? preview(tried) : null;
  const point = preview(add(markup, '1'));
  const { allowed } = editable(view, 'markup_percent');
  const apply = (): void => {
    edit(view.id, 'markup_percent', { markup_percent: tried! }, view.version ?? 1).catch(showRefusal);
    setTried(null);
  };
  const shown = other ?? now;
  return (
    <>
      <ol className={classes.chain}>
        {offer.net_total && (
          <li>
            <span>{t('price.net')}</span>
            <b className="num">{format.money(offer.net_total)}</b>
          </li>
        )}
        {offer.agency_price && offer.agency_total && (
          <li>
            <span>{t('price.stay')}</span>
            <b className="num">{format.money(offer.agency_total)}</b>
            <small className="num" data-testid="running-total">
              {t('price.running', { amount: format.money(difference(offer.agency_price, offer.agency_total)) })}
            </small>
          </li>
        )}
        <li>
          <span>{t('price.agency')}</span>
          <b className="num">{agency ? format.money(agency) : '–'}</b>
        </li>
        <li>
          <span>{t('price.markup', { percent: format.percent(other ? tried! : markup) })}</span>
          <b className="num">{agency ? format.money(difference(shown.price, agency)) : '–'}</b>
        </li>
        <li data-result data-trying={other !== null || undefined}>
          <span>{t('price.selling')}</span>
          <b className="num" data-testid="selling-total">
            {format.money(shown.total)}
          </b>
          <small className="num">
            {format.money(shown.perPerson)} {t('price.per_person')}
          </small>
          {view.running?.tax_percents && <small>{t('price.taxes', { taxes: taxesOf(view, format.percent) })}</small>}
        </li>
      </ol>
      <BudgetNote view={view} total={shown.total} />
      <div className={classes.try}>
        <span aria-hidden>{t('price.slider')}</span>
        <Slider
          thumbLabel={t('price.slider')}
          min={0}
          max={80}
          value={Math.round(Number(tried ?? markup) * 2)}
          onChange={(halves) => setTried(halves % 2 ? `${(halves - 1) / 2}.5` : String(halves / 2))}
          label={(halves) => format.percent(String(halves / 2))}
          disabled={!allowed}
          data-testid="try-markup"
        />
        <Button onClick={apply} disabled={!other || !allowed} data-testid="apply-markup">
          {t('price.apply', { percent: format.percent(tried ?? markup) })}
        </Button>
      </div>
      <p className={classes.point} data-testid="one-point">
        {t('price.point', {
          total: format.money(difference(point.total, now.total)),
          person: format.money(difference(point.perPerson, now.perPerson)),
        })}
      </p>
      <Bands view={view} now={now} other={other} tried={tried} />
    </>
  );
}

const tariffOf = (offer: Offer): Tariff => ({
  rooms: (offer.rooms ?? []).map(({ type, per, quantity, agency_rate, net_rate }) => ({
    type,
    per,
    quantity,
    rate: (agency_rate ?? net_rate)?.amount ?? '0',
  })),
  supplement: offer.agency_supplement?.amount,
  reduction: offer.agency_reduction?.amount,
  foc: offer.foc,
});

/** The agency's prices of the trip with this offer, as the server gave them. */
function tripOf(view: QuotationView, offer: Offer): Trip {
  const { running } = view;
  const services = Object.values(offer.agency_lines ?? {}).filter(({ kind }) => kind === 'service');
  const wanted = services.reduce((sum, { amount }) => add(sum, amount.amount), '0');
  return {
    tariff: tariffOf(offer),
    nights: nights(view.check_in, view.check_out),
    pax: paxOf(view),
    agencyPrice: agencyPrice(offer)?.amount ?? '0',
    bands: running?.bands && Object.entries(running.bands).map(([name, costs]) => [name, add(costs.amount, wanted)]),
    taxPercents: Object.values(running?.tax_percents ?? {}),
    bandMarkups: Object.fromEntries((view.band_markups ?? []).map(({ band, percent }) => [band, percent])),
    currency: view.currency,
  };
}

const taxesOf = (view: QuotationView, percent: (value: string) => string): string =>
  Object.entries(view.running?.tax_percents ?? {})
    .map(([name, value]) => `${name} ${percent(value)}`)
    .join(', ');

const paxOf = (view: QuotationView): number => (view.adults ?? 0) + (view.children_ages?.length ?? 0);

const difference = (a: Money, b: Money): Money => ({ amount: subtract(a.amount, b.amount), currency: a.currency });

function BudgetNote({ view, total }: { view: QuotationView; total: Money }) {
  const { t } = useT();
  const format = useFormat();
  const most = view.budget?.max;
  if (!most) return null;
  const above = compare(total.amount, most.amount) > 0;
  return (
    <p className={classes.budget} data-above={above || undefined}>
      {above ? t('price.over_budget', { amount: format.money(difference(total, most)) }) : t('price.within_budget')}
    </p>
  );
}

function Bands(props: { view: QuotationView; now: SellingPreview; other: SellingPreview | null; tried: string | null }) {
  const { t } = useT();
  const format = useFormat();
  const { view, now, other, tried } = props;
  const pax = paxOf(view);
  const ours = [...now.bands].reverse().find(([name]) => pax >= Number.parseInt(name, 10))?.[0];
  return (
    <div className={classes.bands}>
      <table aria-label={t('price.bands')} data-testid="bands">
        <caption>{t('price.bands')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('price.band')}</th>
            <th scope="col">
              {t('price.now')} ({view.currency})
            </th>
            {other && <th scope="col">{t('price.try', { percent: format.percent(tried!) })}</th>}
          </tr>
        </thead>
        <tbody>
          {now.bands.map(([name, price], index) => (
            <tr key={name} data-ours={name === ours || undefined}>
              <th scope="row">
                {name} {name === ours && <small>{t('price.this_group')}</small>}
              </th>
              <td className="num">{format.amount(price)}</td>
              {other && <td className="num">{format.amount(other.bands[index]![1])}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <Suspense fallback={<Rows count={1} height={180} />}>
        <BandChart now={now} other={other} currency={view.currency} />
      </Suspense>
    </div>
  );
}
