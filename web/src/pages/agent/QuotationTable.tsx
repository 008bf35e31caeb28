import { IconArrowDown } from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { quotationPath } from '@/app/pages';
import { useT, type Key } from '@/i18n';
import { compare, divide, multiply, subtract } from '@/lib/decimal';
import { useFormat } from '@/lib/format';
import { useNow } from '@/lib/now';
import { nights } from '@/lib/stay';
import { useColleagues } from '@/live/hooks';
import type { Me, Member, Offer, QuotationView } from '@/live/protocol';
import { StateBadge } from '@/ui/Badge';
import { Faces } from '@/ui/People';
import { Deadline } from '@/ui/Time';
import { agencyPrice, competing, soldFor } from './offers';
import classes from './Quotations.module.css';

export type Sort = 'title' | 'check_in' | 'deadline';

const ORDER: Record<Sort, (row: QuotationView) => string> = {
  title: (row) => row.title.toLocaleLowerCase(),
  check_in: (row) => row.check_in ?? '9',
  deadline: (row) => deadlineOrder(row),
};

/** What is running and due first, then drafts, then what is past its deadline. */
function deadlineOrder(row: QuotationView): string {
  if (row.state === 'published') return `0${row.deadline ?? '9'}`;
  const later: Partial<Record<string, string>> = { reviewing: '1', draft: '2', awarded: '3', accepted: '4' };
  return `${later[row.state ?? ''] ?? '5'}${row.check_in ?? '9'}`;
}

export function QuotationTable(props: { rows: QuotationView[]; me: Me; sort: Sort; onSort: (sort: Sort) => void }) {
  const { t } = useT();
  const { me, sort, onSort } = props;
  const colleagues = useColleagues(me);
  const rows = [...props.rows].sort((a, b) => ORDER[sort](a).localeCompare(ORDER[sort](b)));
  const head = (key: Key, by?: Sort, right?: boolean): React.ReactNode => (
    <th scope="col" className={right ? classes.right : undefined} aria-sort={by === sort ? 'ascending' : undefined}>
      {by ? (
        <button type="button" onClick={() => onSort(by)}>
          {t(key)} {by === sort && <IconArrowDown size={12} aria-hidden />}
        </button>
      ) : (
        t(key)
      )}
    </th>
  );
  return (
    <div className={classes.scroll}>
      <table className={classes.table} data-testid="quotations">
        <thead>
          <tr>
            {head('column.trip', 'title')}
            {head('column.state')}
            {head('column.dates', 'check_in')}
            {head('column.pax', undefined, true)}
            {head('column.offers')}
            {head('column.deadline', 'deadline')}
            {head('column.best', undefined, true)}
            {head('column.margin', undefined, true)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} me={me} here={colleagues(row.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, me: { role }, here }: { row: QuotationView; me: Me; here: Member[] }) {
  const { t } = useT();
  const format = useFormat();
  const [, go] = useLocation();
  const href = quotationPath(role, row.id);
  const best = bestOffer(row);
  const stay = nights(row.check_in, row.check_out);
  const pax = (row.adults ?? 0) + (row.children_ages?.length ?? 0);
  return (
    <tr onClick={() => go(href)} data-testid="quotation-row" data-id={row.id}>
      <th scope="row">
        <span className={classes.title}>
          <Link href={href} onClick={(event) => event.stopPropagation()}>
            {row.title}
          </Link>
          <Faces members={here} most={3} size={20} />
        </span>
        <small>{[row.destination, role === 'admin' && row.company?.name, row.client?.name].filter(Boolean).join(' · ') || '–'}</small>
      </th>
      <td>{row.state && <StateBadge state={row.state} />}</td>
      <td className="num">
        {format.dayRange(row.check_in, row.check_out)}
        {stay > 0 && <small>{t('unit.nights', { count: stay })}</small>}
      </td>
      <td className={`num ${classes.right}`}>{pax || '–'}</td>
      <td>
        <OfferCount row={row} />
      </td>
      <td>{row.state === 'published' ? <DeadlineBar row={row} /> : <span className="muted">–</span>}</td>
      <td className={`num ${classes.right}`}>
        {best?.selling_total ? format.money(best.selling_total) : '–'}
        {best && <small>{best.hotel_name}</small>}
      </td>
      <td className={`num ${classes.right}`}>{marginOf(best, format.percent) ?? '–'}</td>
    </tr>
  );
}

function bestOffer(row: QuotationView): Offer | undefined {
  const offers = competing(row);
  return offers.find((offer) => offer.id === row.awarded_offer_id) ?? offers.find((offer) => offer.rank === 1) ?? offers[0];
}

/** The agency's profit as a share of the selling price. */
function marginOf(offer: Offer | undefined, percent: (value: string) => string): string | null {
  const [selling, agency] = offer ? [soldFor(offer)?.amount, agencyPrice(offer)?.amount] : [];
  if (!selling || !agency || compare(selling, '0') <= 0) return null;
  return percent(divide(multiply(subtract(selling, agency), '100'), selling, 1));
}

function OfferCount({ row }: { row: QuotationView }) {
  const { t } = useT();
  const count = competing(row).length;
  const wanted = row.min_offers ?? 3;
  if (row.state === 'draft') return <span className="muted">–</span>;
  return (
    <span className={classes.count} title={t('offers.of', { count, wanted })}>
      <b className="num">{count}</b>
      <i aria-hidden>
        {Array.from({ length: Math.min(wanted, 6) }, (_, index) => (
          <u key={index} data-on={index < count || undefined} />
        ))}
      </i>
    </span>
  );
}

function DeadlineBar({ row }: { row: QuotationView }) {
  const now = useNow(30_000);
  const end = Date.parse(row.deadline ?? '');
  const starts = Object.values(row.invitations ?? {}).map((one) => Date.parse(one.invited_at ?? ''));
  const start = Math.min(...starts.filter((time) => !Number.isNaN(time)), end - 7 * 86_400_000);
  const left = Math.max(0, Math.min(1, (end - now) / Math.max(1, end - start)));
  const late = end - now < 2 * 3_600_000;
  return (
    <div className={classes.deadline}>
      <Deadline at={row.deadline} />
      <i aria-hidden>
        <b style={{ width: `${left * 100}%` }} data-late={late || undefined} />
      </i>
    </div>
  );
}
