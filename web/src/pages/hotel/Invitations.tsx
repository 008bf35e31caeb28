/** A hotel's invitations, by what is due first. */
import { IconInbox } from '@tabler/icons-react';
import { Link } from 'wouter';
import { addMessages, useT, type Key } from '@/i18n';
import { hotel } from '@/i18n/messages/hotel';
import { useFormat } from '@/lib/format';
import { nights } from '@/lib/stay';
import { listRoom, useList, useMe } from '@/live/hooks';
import type { QuotationView } from '@/live/protocol';
import { InvitationBadge, OfferBadge } from '@/ui/Badge';
import { Notice, PageError, Rows } from '@/ui/states';
import { Deadline } from '@/ui/Time';
import classes from './Invitations.module.css';
import { ownOffer } from './own';

addMessages(hotel);

export default function Invitations() {
  const { t } = useT();
  const me = useMe();
  const { rows, status, reload } = useList<QuotationView>(listRoom(me), 'invitations', '/quotations');
  const known = rows.filter((row) => row.id && row.title).sort(byDue);
  const answered = (row: QuotationView): boolean => {
    const offer = ownOffer(row);
    return offer !== undefined && offer.state !== 'withdrawn' && offer.state !== 'outdated';
  };
  const open = known.filter((row) => row.invitation === 'open');
  const over = known.filter((row) => row.invitation !== 'open').reverse();
  return (
    <div className={classes.page}>
      <h1>{t('invitations.title')}</h1>
      {status === 'loading' && known.length === 0 && <Rows count={5} height={64} />}
      {status === 'failed' && known.length === 0 && <PageError onRetry={reload} />}
      {status === 'ready' && known.length === 0 && (
        <Notice icon={<IconInbox size={26} />} title={t('invitations.none')} hint={t('invitations.none_hint')} />
      )}
      <Group title="invitations.to_answer" rows={open.filter((row) => !answered(row))} />
      <Group title="invitations.sent" rows={open.filter(answered)} />
      <Group title="invitations.over" rows={over} />
    </div>
  );
}

const byDue = (a: QuotationView, b: QuotationView): number => (a.deadline ?? '9').localeCompare(b.deadline ?? '9');

function Group({ title, rows }: { title: Key; rows: QuotationView[] }) {
  const { t } = useT();
  if (!rows.length) return null;
  return (
    <section className={classes.group}>
      <h2 className="eyebrow">
        {t(title)} <span className="num">{rows.length}</span>
      </h2>
      <ul className="card">
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Row({ row }: { row: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const offer = ownOffer(row);
  const stay = nights(row.check_in, row.check_out);
  const rooms = Object.values(row.rooms ?? {}).reduce((sum, count) => sum + count, 0);
  const pax = (row.adults ?? 0) + (row.children_ages?.length ?? 0);
  return (
    <li>
      <Link href={`/invitations/${row.id}`} className={classes.row} data-testid="invitation-row" data-id={row.id}>
        <span className={classes.trip}>
          <b>{row.title}</b>
          <small>{row.destination}</small>
        </span>
        <span className="num">
          {format.dayRange(row.check_in, row.check_out)}
          {stay > 0 && <small>{t('unit.nights', { count: stay })}</small>}
        </span>
        <span className="num">
          {rooms > 0 && t('unit.rooms', { count: rooms })}
          {pax > 0 && <small>{t('unit.pax', { count: pax })}</small>}
        </span>
        <span className={classes.offer}>
          {offer?.net_total && <b className="num">{format.money(offer.net_total)}</b>}
          {row.invitation !== 'open' && row.invitation ? (
            <InvitationBadge state={row.invitation} />
          ) : offer?.state ? (
            <OfferBadge state={offer.state} />
          ) : (
            <small>{t('invitations.no_offer')}</small>
          )}
        </span>
        <span className={classes.due}>{row.invitation === 'open' && <Deadline at={row.deadline} />}</span>
      </Link>
    </li>
  );
}
