/** The client's trips: what waits for an answer first, then what comes next. */
import { IconMap2 } from '@tabler/icons-react';
import { Link } from 'wouter';
import { quotationPath } from '@/app/pages';
import { addMessages, useT } from '@/i18n';
import { client } from '@/i18n/messages/client';
import { useFormat } from '@/lib/format';
import { nights } from '@/lib/stay';
import { listRoom, useList, useMe } from '@/live/hooks';
import type { QuotationView } from '@/live/protocol';
import { Notice, PageError, Rows } from '@/ui/states';
import { byNeed } from './journey';
import { Landscape } from './Landscape';
import { TripState } from './TripState';
import classes from './Trips.module.css';

addMessages(client);

export default function Trips() {
  const { t } = useT();
  const me = useMe();
  const { rows, status, reload } = useList<QuotationView>(listRoom(me), 'quotations', '/quotations');
  const trips = rows.filter((row) => row.id && row.title).sort(byNeed);
  return (
    <div className={classes.page}>
      <h1>{t('nav.trips')}</h1>
      {status === 'loading' && trips.length === 0 && <Rows count={3} height={116} />}
      {status === 'failed' && trips.length === 0 && <PageError onRetry={reload} />}
      {status === 'ready' && trips.length === 0 && (
        <Notice icon={<IconMap2 size={26} />} title={t('trips.none')} hint={t(me.role === 'guide' ? 'trips.none_guide' : 'trips.none_hint')} />
      )}
      <ul>
        {trips.map((trip) => (
          <Trip key={trip.id} trip={trip} />
        ))}
      </ul>
    </div>
  );
}

function Trip({ trip }: { trip: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const me = useMe();
  const stay = nights(trip.check_in, trip.check_out);
  return (
    <li>
      <Link href={quotationPath(me.role, trip.id!)} className={`card ${classes.trip}`} data-testid="trip-row" data-id={trip.id}>
        <span className={classes.art}>
          <Landscape seed={trip.id!} />
        </span>
        <span className={classes.words}>
          <b>{trip.title}</b>
          <span className="num">
            {[format.dayRange(trip.check_in, trip.check_out), stay > 0 && t('unit.nights', { count: stay })].filter(Boolean).join(' · ')}
          </span>
          <span className={classes.foot}>
            {trip.state && <TripState state={trip.state} />}
            {trip.selling?.total && <span className="num">{format.money(trip.selling.total)}</span>}
          </span>
        </span>
      </Link>
    </li>
  );
}
