/** The price chain of every offer, whole: what the hotel asks, what the platform and the agency put on it. */
import { IconScale } from '@tabler/icons-react';
import { addMessages, useT } from '@/i18n';
import { admin } from '@/i18n/messages/admin';
import { compare } from '@/lib/decimal';
import { useFormat } from '@/lib/format';
import type { Offer, QuotationView } from '@/live/protocol';
import { OfferBadge } from '@/ui/Badge';
import { Notice } from '@/ui/states';
import { linksOf, type Links } from './chain';
import classes from './Chain.module.css';

addMessages(admin);

export default function Chain({ view }: { view: QuotationView }) {
  const { t } = useT();
  const offers = Object.values(view.offers ?? {}).sort((a, b) => (a.rank ?? 999) - (b.rank ?? 999));
  if (!offers.length) return <Notice icon={<IconScale size={26} />} title={t('chain.none')} hint={t('chain.none_hint')} />;
  return (
    <div className={classes.chain} data-testid="chain">
      <Legend view={view} />
      {offers.map((offer) => (
        <OfferChain key={offer.id} offer={offer} running={view.running} awarded={offer.id === view.awarded_offer_id} />
      ))}
    </div>
  );
}

function Legend({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  return (
    <ul className={classes.legend}>
      <li data-link="net">{t('chain.net')}</li>
      <li data-link="margin">
        {t('chain.margin')} {view.margin_percent && <span className="num">{format.percent(view.margin_percent)}</span>}
      </li>
      <li data-link="markup">
        {t('chain.markup')} {view.markup_percent && <span className="num">{format.percent(view.markup_percent)}</span>}
      </li>
    </ul>
  );
}

function OfferChain({ offer, running, awarded }: { offer: Offer; running: QuotationView['running']; awarded: boolean }) {
  const { t } = useT();
  const links = linksOf(offer, running);
  return (
    <section className={`card ${classes.offer}`} data-awarded={awarded || undefined}>
      <header>
        <h3>{offer.hotel_name}</h3>
        {offer.state && <OfferBadge state={offer.state} />}
        {awarded && <span className={classes.awarded}>{t('chain.awarded')}</span>}
      </header>
      {links && <Bar links={links} />}
      {links && <Amounts links={links} offer={offer} />}
      <Rates offer={offer} />
    </section>
  );
}

/** Widths are for the eye only. */
function Bar({ links }: { links: Links }) {
  const share = (amount: string): React.CSSProperties => ({ flexGrow: Math.max(0, Number(amount)) });
  return (
    <div className={classes.bar} aria-hidden>
      <i data-link="net" style={share(links.net.amount)} />
      <i data-link="trip" style={share(links.trip.amount)} />
      <i data-link="margin" style={share(links.margin.amount)} />
      <i data-link="markup" style={share(links.markup.amount)} />
    </div>
  );
}

function Amounts({ links, offer }: { links: Links; offer: Offer }) {
  const { t } = useT();
  const format = useFormat();
  const sums = [
    ['net', links.net],
    ...(compare(links.trip.amount, '0') ? ([['trip', links.trip]] as const) : []),
    ['margin', links.margin],
    ['agency', links.agency],
    ['markup', links.markup],
    ...(compare(links.taxes.amount, '0') ? ([['taxes', links.taxes]] as const) : []),
    ['selling', links.selling],
    ['commission', links.commission],
    ['platform', links.platform],
  ] as const;
  return (
    <dl className={classes.sums}>
      {sums.map(([link, amount]) => (
        <div key={link} data-link={link}>
          <dt>
            {t(`chain.${link}`)}
            {link === 'commission' && offer.commission_percent && <span className="num"> {format.percent(offer.commission_percent)}</span>}
          </dt>
          <dd className="num">{format.amount(amount)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Rates({ offer }: { offer: Offer }) {
  const { t } = useT();
  const format = useFormat();
  return (
    <table className={classes.rates}>
      <thead>
        <tr>
          <th scope="col">{t('chain.room')}</th>
          <th scope="col">{t('chain.rooms')}</th>
          <th scope="col">{t('chain.net_rate')}</th>
          <th scope="col">{t('chain.agency_rate')}</th>
        </tr>
      </thead>
      <tbody>
        {(offer.rooms ?? []).map((room) => (
          <tr key={room.type}>
            <th scope="row">
              {t(`room.${room.type}`)} <small>{t(`chain.${room.per}`)}</small>
            </th>
            <td className="num">{room.quantity}</td>
            <td className="num">{room.net_rate && format.amount(room.net_rate)}</td>
            <td className="num">{room.agency_rate && format.amount(room.agency_rate)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
