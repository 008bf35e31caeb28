/** What the offer comes to, what it lacks, and sending it. */
import { Button } from '@mantine/core';
import { IconCheck, IconCircleDashed } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useT, type Key } from '@/i18n';
import { add, minorDigits, negate, round, subtract } from '@/lib/decimal';
import { useFormat } from '@/lib/format';
import { sendOffer } from '@/live/edits';
import { useConnection } from '@/live/hooks';
import type { Money, Offer, QuotationView } from '@/live/protocol';
import { OfferBadge } from '@/ui/Badge';
import { showDone, showRefusal } from '@/ui/refusals';
import classes from './OfferForm.module.css';
import { changesPrice } from './offerForm';
import type { Read } from './offerReading';
import { gapsOf, type Totals } from './offerTotals';
import { isLive } from './standing';
import type { OfferEditing } from './useOfferForm';
import { WithdrawDialog } from './WithdrawDialog';

interface SummaryProps {
  view: QuotationView;
  offer: Offer | undefined;
  open: boolean;
  editing: OfferEditing;
  said: Read;
  totals: Totals;
  onTried: (tried: boolean) => void;
}

export function Summary(props: SummaryProps) {
  const { t } = useT();
  const format = useFormat();
  const { view, offer, open, editing, totals } = props;
  const { currency } = view;
  const roomsAmount = round(totals.rooms.reduce((sum, room) => add(sum, room?.amount ?? '0'), '0'), minorDigits(currency));
  const free: Money = { currency, amount: subtract(totals.total.amount, roomsAmount) };
  return (
    <section className={`card ${classes.summary}`} aria-label={t('offer.total')}>
      <header>
        <h2 className="eyebrow">{t('offer.total')}</h2>
        {offer?.state && (
          <span data-testid="offer-state" data-state={offer.state}>
            <OfferBadge state={offer.state} />
          </span>
        )}
      </header>
      <p className={classes.big} data-testid="live-total">
        <small>{currency}</small> <b className="num">{format.amount(totals.total)}</b>
      </p>
      {totals.perPerson && (
        <p className={`num ${classes.each}`}>{t('offer.each', { amount: format.amount(totals.perPerson) })}</p>
      )}
      <dl className={classes.sums}>
        {editing.form.rooms.map((room, index) => {
          const sum = totals.rooms[index];
          return sum && <Sum key={room.type} label={`${room.quantity} ${t(`room.${room.type}`)}`} amount={sum} />;
        })}
        {totals.free > 0 && <Sum label={t('offer.free_places', { count: totals.free })} amount={free} />}
        {totals.commission.amount !== round('0', minorDigits(currency)) && (
          <>
            <Sum label={t('offer.commission')} amount={{ currency, amount: negate(totals.commission.amount) }} line />
            <Sum label={t('offer.receives')} amount={totals.receives} strong />
          </>
        )}
        {totals.taxes.amount !== round('0', minorDigits(currency)) && <Sum label={t('offer.local_taxes')} amount={totals.taxes} line />}
      </dl>
      {open && <Gaps {...props} />}
      {open && <Sending {...props} />}
    </section>
  );
}

function Sum({ label, amount, strong, line }: { label: string; amount: Money; strong?: boolean; line?: boolean }) {
  const format = useFormat();
  return (
    <div data-strong={strong || undefined} data-line={line || undefined}>
      <dt>{label}</dt>
      <dd className="num">{format.amount(amount)}</dd>
    </div>
  );
}

function Gaps({ editing, view }: SummaryProps) {
  const { t } = useT();
  const gaps = gapsOf(editing.form, view);
  return (
    <div className={classes.gaps} data-testid="offer-missing">
      {gaps.length === 0 && (
        <p data-done>
          <IconCheck size={14} aria-hidden /> {t('gap.none')}
        </p>
      )}
      {gaps.map((gap) => (
        <p key={gap}>
          <IconCircleDashed size={14} aria-hidden /> {t(`gap.${gap}`)}
        </p>
      ))}
    </div>
  );
}

function Sending(props: SummaryProps) {
  const { t } = useT();
  const { view, offer, editing, said, onTried } = props;
  const offline = useConnection().kind !== 'live';
  const [busy, setBusy] = useState(false);
  const [withdrawing, setWithdrawing] = useState(false);
  const live = isLive(offer);
  const standsAsIs = live && !editing.dirty;
  const exhausted = live && offer?.revisions_left === 0 && changesPrice(editing.form, editing.stood);

  const send = async (): Promise<void> => {
    onTried(true);
    const first = said.problems[0];
    if (first) return document.getElementsByName(first.field)[0]?.focus();
    setBusy(true);
    try {
      await sendOffer(view.id, said.offer);
      editing.drop();
      onTried(false);
      showDone(t('offer.sent'));
    } catch (error) {
      showRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const label: Key = !offer ? 'offer.send' : offer.state === 'outdated' ? 'offer.renew' : live ? 'offer.revise' : 'offer.again';
  return (
    <div className={classes.sending}>
      <Hints {...props} exhausted={exhausted} />
      <Button fullWidth size="sm" onClick={() => void send()} loading={busy} disabled={standsAsIs || exhausted} data-testid="offer-submit">
        {t(standsAsIs ? 'offer.stands' : label)}
      </Button>
      {busy && offline && <p role="status">{t('offer.waits')}</p>}
      <div className={classes.also}>
        {editing.dirty && (
          <Button variant="subtle" color="gray" size="compact-xs" onClick={editing.drop} data-testid="offer-discard">
            {t('offer.discard')}
          </Button>
        )}
        {(live || offer?.state === 'outdated') && (
          <Button variant="subtle" color="clay" size="compact-xs" onClick={() => setWithdrawing(true)} data-testid="offer-withdraw">
            {t('offer.withdraw')}
          </Button>
        )}
      </div>
      {withdrawing && <WithdrawDialog id={view.id} onClose={() => setWithdrawing(false)} />}
    </div>
  );
}

/** What sending would use up, and what was typed and not sent. */
function Hints({ offer, editing, exhausted }: SummaryProps & { exhausted: boolean }) {
  const { t } = useT();
  const left = offer?.revisions_left;
  const priced = isLive(offer) && editing.dirty && changesPrice(editing.form, editing.stood);
  const hints: ReactNode[] = [
    editing.overtaken && <b key="overtaken">{t('offer.overtaken')}</b>,
    exhausted && <b key="exhausted">{t('offer.exhausted')}</b>,
    left !== undefined && !exhausted && (
      <span key="left" data-testid="revisions-left">
        {t(priced ? 'offer.uses_revision' : 'offer.revisions_left', { count: left })}
      </span>
    ),
    editing.dirty && <span key="kept">{t('offer.kept')}</span>,
  ];
  return <div className={classes.hints}>{hints}</div>;
}
