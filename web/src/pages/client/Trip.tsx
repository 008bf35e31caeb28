/** One trip on one calm page: where it stands, the proposal and its price, the booking as it fills in, who comes along. */
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from 'wouter';
import { homeOf } from '@/app/pages';
import { addMessages, useT } from '@/i18n';
import { client } from '@/i18n/messages/client';
import { useFormat } from '@/lib/format';
import { nights } from '@/lib/stay';
import { useMe, useMembers, useQuotationView, useRoom } from '@/live/hooks';
import type { QuotationView } from '@/live/protocol';
import { quotationRoom } from '@/live/state';
import { Documents } from '@/ui/Documents';
import { Faces } from '@/ui/People';
import { PageForbidden, Rows } from '@/ui/states';
import { useTold } from '@/ui/useTold';
import { Assignment } from './Assignment';
import { Booking } from './Booking';
import { Journey } from './Journey';
import { Landscape } from './Landscape';
import { Proposal } from './Proposal';
import { Rooming } from './Rooming';
import classes from './Trip.module.css';
import { TripState } from './TripState';

addMessages(client);

export default function Trip({ params }: { params: { id: string } }) {
  const { id } = params;
  const room = useRoom(quotationRoom(id));
  const view = useQuotationView(id);
  if (room.status === 'closed') return <PageForbidden />;
  if (!view) {
    return (
      <div className={classes.body}>
        <Rows count={1} height={190} />
        <Rows count={2} height={130} />
      </div>
    );
  }
  return <Loaded key={id} view={view} />;
}

function Loaded({ view }: { view: QuotationView }) {
  useTold(quotationRoom(view.id!));
  return (
    <article className={classes.page} data-testid="trip" data-id={view.id}>
      <Hero view={view} />
      <div className={classes.body}>
        <Journey view={view} />
        {view.booking && <Assignment booking={view.booking} />}
        {view.booking && <Booking view={view} booking={view.booking} />}
        {view.selling && <Proposal view={view} />}
        <Documents view={view} />
        {view.booking && <Rooming key={view.booking.id} view={view} booking={view.booking} />}
        <Wishes view={view} />
      </div>
    </article>
  );
}

function Hero({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const me = useMe();
  const here = useMembers(view.id!).filter((member) => member.id !== me.id);
  const stay = nights(view.check_in, view.check_out);
  const pax = (view.adults ?? 0) + (view.children_ages?.length ?? 0);
  const facts = [
    format.dayRange(view.check_in, view.check_out),
    stay > 0 && t('unit.nights', { count: stay }),
    pax > 0 && t('unit.pax', { count: pax }),
  ];
  return (
    <header className={classes.hero}>
      <div className={classes.art}>
        <Landscape seed={view.id!} wide />
        <Link href={homeOf(me.role)} className={classes.back} aria-label={t('action.back')}>
          <IconArrowLeft size={18} aria-hidden />
        </Link>
        {here.length > 0 && (
          <span className={classes.here}>
            <Faces members={here} /> {t('trip.agency_here')}
          </span>
        )}
      </div>
      <div className={classes.name}>
        <span className={classes.place}>
          {view.destination && <span className="eyebrow">{view.destination}</span>}
          {view.state && <TripState state={view.state} />}
        </span>
        <h1>{view.title}</h1>
        <p className="num">{facts.filter(Boolean).join(' · ')}</p>
      </div>
    </header>
  );
}

function Wishes({ view }: { view: QuotationView }) {
  const { t } = useT();
  const wishes = view.special_requirements ?? [];
  if (!wishes.length) return null;
  return (
    <section className={`card ${classes.part}`}>
      <h2>{t('trip.wishes')}</h2>
      <ul className={classes.ticks}>
        {wishes.map((wish) => (
          <li key={wish}>{wish}</li>
        ))}
      </ul>
    </section>
  );
}
