/** The hotel's own result, and what the quotation's settings disclose to it. */
import { IconConfetti, IconMoodSmile, IconScale } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import type { Offer, QuotationView } from '@/live/protocol';
import { ownOffer } from './own';
import classes from './Result.module.css';

export function Result({ view }: { view: QuotationView }) {
  const { t } = useT();
  const offer = ownOffer(view);
  const icons: Record<string, ReactNode> = {
    selected: <IconConfetti size={22} aria-hidden />,
    not_selected: <IconMoodSmile size={22} aria-hidden />,
    closed: <IconScale size={22} aria-hidden />,
  };
  const { invitation } = view;
  return (
    <>
      {invitation && invitation !== 'open' && (
        <div className={classes.result} data-state={invitation} role="status" data-testid="result">
          {icons[invitation]}
          <div>
            <b>{t(`result.${invitation}`)}</b>
            <span>{t(`result.${invitation}_hint`)}</span>
          </div>
        </div>
      )}
      {offer?.state === 'outdated' && invitation === 'open' && (
        <p className={classes.outdated} role="alert">
          {t('ask.changed')}
        </p>
      )}
      <Disclosed view={view} />
    </>
  );
}

function Disclosed({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const competitors = Object.values(view.competitors ?? {});
  if (!view.rank && !view.totals?.length && !competitors.length) return null;
  return (
    <div className={classes.disclosed} data-testid="disclosed">
      {view.rank && <b className="num">{t('result.rank', { rank: view.rank.rank, of: view.rank.of })}</b>}
      {view.totals && view.totals.length > 0 && (
        <p>
          {t('result.totals')}: <span className="num">{view.totals.map(format.money).join(' · ')}</span>
        </p>
      )}
      {competitors.length > 0 && (
        <>
          <p>{t('result.competitors')}</p>
          <ul>
            {competitors.map((offer) => (
              <Competitor key={offer.id} offer={offer} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Competitor({ offer }: { offer: Offer }) {
  const { t } = useT();
  const format = useFormat();
  const total = offer.net_total ?? offer.agency_total;
  return (
    <li>
      {offer.hotel_name ?? offer.hotel_id}
      {offer.board && <small>{t(`meal.${offer.board}`)}</small>}
      {total && <b className="num">{format.money(total)}</b>}
    </li>
  );
}
