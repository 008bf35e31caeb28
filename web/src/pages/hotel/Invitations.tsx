/** The hotel's invitations: what waits for it, by what is due first, then what it waits for, then what is over. */
import { TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconChevronRight, IconInbox, IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { quotationPath } from '@/app/pages';
import { addMessages, useT } from '@/i18n';
import { hotel } from '@/i18n/messages/hotel';
import { useFormat } from '@/lib/format';
import { nights } from '@/lib/stay';
import { listRoom, useList, useMe } from '@/live/hooks';
import type { QuotationView } from '@/live/protocol';
import { InvitationBadge, OfferBadge } from '@/ui/Badge';
import { Notice, PageError, Rows } from '@/ui/states';
import { Deadline } from '@/ui/Time';
import classes from './Invitations.module.css';
import { byDue, groupOf, ownOffer, type Group } from './standing';

addMessages(hotel);

const GROUPS: readonly Group[] = ['answer', 'waiting', 'decided'];

export default function Invitations() {
  const { t } = useT();
  const { rows, status, reload } = useList<QuotationView>(listRoom(useMe()), 'invitations', '/quotations');
  const [query, setQuery] = useState('');
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => search.current?.focus()]]);
  // The rows that facts patch have no offers: those are as of the last reading.
  useEffect(reload, [reload]);
  const known = rows.filter((row) => row.id && row.title);
  const shown = known.filter((row) => matches(row, query)).sort(byDue);
  return (
    <div className={classes.page}>
      <header>
        <h1>{t('invitations.title')}</h1>
        <TextInput
          ref={search}
          size="xs"
          leftSection={<IconSearch size={14} />}
          placeholder={t('invitations.search')}
          aria-label={t('invitations.search')}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
      </header>
      {status === 'loading' && known.length === 0 && <Rows count={6} height={60} />}
      {status === 'failed' && known.length === 0 && <PageError onRetry={reload} />}
      {status === 'ready' && known.length === 0 && (
        <Notice icon={<IconInbox size={26} />} title={t('invitations.none')} hint={t('invitations.none_hint')} />
      )}
      {known.length > 0 && shown.length === 0 && (
        <Notice icon={<IconSearch size={26} />} title={t('nav.nothing')} hint={t('invitations.none_match')} />
      )}
      {GROUPS.map((group) => (
        <GroupOf key={group} group={group} rows={shown.filter((row) => groupOf(row) === group)} />
      ))}
    </div>
  );
}

function matches(row: QuotationView, query: string): boolean {
  const hay = `${row.title} ${row.destination ?? ''}`.toLocaleLowerCase();
  return query.toLocaleLowerCase().split(/\s+/).every((word) => hay.includes(word));
}

function GroupOf({ group, rows }: { group: Group; rows: QuotationView[] }) {
  const { t } = useT();
  if (!rows.length) return null;
  return (
    <section aria-labelledby={`group-${group}`} data-group={group} className={classes.group}>
      <h2 id={`group-${group}`} className="eyebrow">
        {t(`group.${group}`)} <span className="num">{rows.length}</span>
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
  const rooms = Object.values(row.rooms ?? {}).reduce((sum, count) => sum + count, 0);
  const pax = (row.adults ?? 0) + (row.children_ages?.length ?? 0);
  const stay = nights(row.check_in, row.check_out);
  return (
    <li>
      <Link href={quotationPath('hotel', row.id)} className={classes.row} data-testid="invitation-row" data-id={row.id}>
        <span className={classes.trip}>
          <b>{row.title}</b>
          <small>{row.destination}</small>
        </span>
        <span className={classes.stay}>
          <span className="num">{format.dayRange(row.check_in, row.check_out)}</span>
          {stay > 0 && <small>{t('unit.nights', { count: stay })}</small>}
        </span>
        <span className={classes.size}>
          <span className="num">{t('unit.rooms', { count: rooms })}</span>
          <small className="num">{t('unit.pax', { count: pax })}</small>
        </span>
        <span className={classes.offer}>
          {offer?.net_total ? <b className="num">{format.money(offer.net_total)}</b> : <span className="muted">{t('invitations.no_offer')}</span>}
          {offer?.state && row.invitation === 'open' && <OfferBadge state={offer.state} />}
        </span>
        <span className={classes.due}>
          {row.invitation === 'open' ? <Deadline at={row.deadline} /> : row.invitation && <InvitationBadge state={row.invitation} />}
        </span>
        <IconChevronRight size={16} aria-hidden className={classes.go} />
      </Link>
    </li>
  );
}
