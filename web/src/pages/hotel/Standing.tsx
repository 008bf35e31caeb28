/** What this hotel's view has of how it stands; each part is there only if the view has it. */
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import type { QuotationView } from '@/live/protocol';
import classes from './Standing.module.css';
import { ownOffer } from './standing';

export function Standing({ view }: { view: QuotationView }) {
  return (
    <>
      {view.rank && <Rank rank={view.rank} />}
      {view.totals && view.totals.length > 0 && <Totals view={view} />}
      {view.competitors && Object.keys(view.competitors).length > 0 && <Competitors view={view} />}
      {view.booking?.rooming && view.booking.rooming.length > 0 && <Rooming view={view} />}
    </>
  );
}

function Rank({ rank }: { rank: { rank: number; of: number } }) {
  const { t } = useT();
  return (
    <section className={`card ${classes.part}`} data-testid="rank">
      <h2 className="eyebrow">{t('standing.rank')}</h2>
      <p className={classes.rank}>
        <b className="num">{rank.rank}</b> <span className="num">{t('standing.of', { count: rank.of })}</span>
      </p>
    </section>
  );
}

function Totals({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const mine = view.totals!.findIndex(({ amount }) => amount === ownOffer(view)?.net_total?.amount);
  return (
    <section className={`card ${classes.part}`} data-testid="totals">
      <h2 className="eyebrow">{t('standing.totals', { currency: view.currency })}</h2>
      <ol className={classes.totals}>
        {view.totals!.map((total, index) => (
          <li key={index} data-mine={index === mine || undefined}>
            <span className="num">{format.amount(total)}</span>
            {index === mine && <small>{t('standing.yours')}</small>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Competitors({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  return (
    <section className={`card ${classes.part}`} data-testid="competitors">
      <h2 className="eyebrow">{t('standing.competitors')}</h2>
      <ul className={classes.totals}>
        {Object.values(view.competitors!).map((offer) => (
          <li key={offer.id}>
            <span>
              {offer.hotel_name}
              <small>{[offer.board && t(`meal.${offer.board}`), ...(offer.included_services ?? [])].filter(Boolean).join(', ')}</small>
            </span>
            {offer.net_total && <b className="num">{format.money(offer.net_total)}</b>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Rooming({ view }: { view: QuotationView }) {
  const { t } = useT();
  return (
    <section className={`card ${classes.part}`} data-testid="rooming">
      <h2 className="eyebrow">{t('standing.rooming')}</h2>
      <ul className={classes.totals}>
        {view.booking!.rooming!.map((guest, index) => (
          <li key={index}>
            <span>
              {guest.name}
              <small>{[guest.diet, guest.remarks].filter(Boolean).join(' · ')}</small>
            </span>
            <span className="muted">{[guest.room, guest.room_type && t(`room.${guest.room_type}`)].filter(Boolean).join(' ')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
