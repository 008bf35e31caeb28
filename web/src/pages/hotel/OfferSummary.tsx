/** What the offer comes to, what is missing, how long there is, and sending it. */
import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useT, type Key } from '@/i18n';
import { compare, divide } from '@/lib/decimal';
import { useFormat } from '@/lib/format';
import { nights } from '@/lib/stay';
import { freePlaces, headsOf, stayTotal } from '@/lib/pricing';
import { command } from '@/live/edits';
import type { Offer, QuotationView } from '@/live/protocol';
import { Ask, useCommand } from '@/ui/Ask';
import { OfferBadge } from '@/ui/Badge';
import { showDone, showRefusal } from '@/ui/refusals';
import { Deadline } from '@/ui/Time';
import { tariffOf } from './offerForm';
import classes from './OfferSummary.module.css';
import { sendsLeft } from './own';
import type { OfferEditing } from './useOfferForm';

interface SummaryProps {
  view: QuotationView;
  offer: Offer | undefined;
  editor: OfferEditing;
}

export function OfferSummary({ view, offer, editor }: SummaryProps) {
  const { t } = useT();
  const format = useFormat();
  const left = offer ? sendsLeft(offer) : undefined;
  return (
    <section className={classes.summary} data-testid="offer-summary">
      <Total view={view} editor={editor} />
      <dl className={classes.facts}>
        {view.deadline && view.invitation === 'open' && (
          <div>
            <dt>{t('sum.deadline')}</dt>
            <dd data-testid="deadline">
              <Deadline at={view.deadline} />
            </dd>
          </div>
        )}
        {offer?.state && (
          <div>
            <dt>{t('sum.offer_state')}</dt>
            <dd data-testid="offer-state" data-state={offer.state}>
              <OfferBadge state={offer.state} />
            </dd>
          </div>
        )}
        {offer?.net_total && (
          <div>
            <dt>{t('sum.sent_label')}</dt>
            <dd className="num" data-testid="sent-total">
              {format.money(offer.net_total)}
            </dd>
          </div>
        )}
      </dl>
      {left !== undefined && view.invitation === 'open' && (
        <p className={classes.left} data-testid="revisions-left">
          {t('sum.revisions', { count: left })}
        </p>
      )}
      {editor.open && <Missing view={view} editor={editor} />}
      {editor.open && <Send view={view} offer={offer} editor={editor} />}
    </section>
  );
}

function Total({ view, editor }: Pick<SummaryProps, 'view' | 'editor'>) {
  const { t, language } = useT();
  const format = useFormat();
  const tariff = tariffOf(editor.form, language);
  const stay = nights(view.check_in, view.check_out);
  const pax = (view.adults ?? 0) + (view.children_ages?.length ?? 0);
  const total = stayTotal(tariff, stay, pax, view.currency);
  const heads = headsOf(tariff.rooms, pax);
  const free = freePlaces(tariff.foc, heads);
  const each = heads > 0 && compare(total.amount, '0') > 0 ? divide(total.amount, String(heads), 2) : null;
  return (
    <div className={classes.total}>
      <h2 className="eyebrow">{t('sum.title')}</h2>
      <b className="num" data-testid="live-total" aria-live="off">
        {format.money(total)}
      </b>
      <span>{t('sum.group', { nights: t('unit.nights', { count: stay }) })}</span>
      {each && (
        <span className="num">
          {format.money({ amount: each, currency: view.currency })} {t('sum.per_person')}
        </span>
      )}
      {free > 0 && <span>{t('sum.free', { count: free })}</span>}
    </div>
  );
}

function Missing({ view, editor }: Pick<SummaryProps, 'view' | 'editor'>) {
  const { t, has } = useT();
  const problems = editor.problems.map(({ kind, field, room }) => {
    if (room && (kind === 'rate' || kind === 'quantity')) return t(`missing.${kind}`, { room: t(`room.${room}`) });
    if (kind === 'room') return t('missing.room');
    return t('missing.field', { field: has(`offer.${field}`) ? t(`offer.${field}` as Key) : field });
  });
  const fewer = editor.form.rooms
    .filter((line) => /^\d+$/.test(line.quantity) && Number(line.quantity) < (view.rooms?.[line.type] ?? 0))
    .map((line) => {
      const asked = view.rooms?.[line.type];
      return t('sum.fewer_rooms', { room: t(`room.${line.type}`), offered: line.quantity, asked });
    });
  return (
    <div className={classes.missing}>
      {problems.length > 0 && (
        <>
          <h3>{t('sum.missing')}</h3>
          <ul data-testid="missing">
            {[...new Set(problems)].map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
      {problems.length === 0 && <p>{t('sum.nothing_missing')}</p>}
      {fewer.map((text) => (
        <p key={text} className={classes.fewer}>
          {text}
        </p>
      ))}
    </div>
  );
}

function Send({ view, offer, editor }: SummaryProps) {
  const { t } = useT();
  const [busy, setBusy] = useState(false);
  const [withdrawing, setWithdrawing] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    try {
      await command('offer.submit', { quotation_id: view.id, offer: editor.payload });
      editor.discard();
      showDone(t('send.done'));
    } catch (error) {
      showRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const nothingNew = offer !== undefined && !editor.unsent && offer.state !== 'outdated' && offer.state !== 'withdrawn';
  return (
    <div className={classes.send}>
      <Button
        size="sm"
        fullWidth
        leftSection={<IconSend size={15} />}
        loading={busy}
        disabled={editor.problems.length > 0 || nothingNew}
        onClick={() => void send()}
        data-testid="submit-offer"
      >
        {offer ? t('send.revise', { count: (offer.revision ?? 1) + 1 }) : t('send.first')}
      </Button>
      {editor.unsent && (
        <p>
          {t('send.unsent')}{' '}
          {offer && (
            <button type="button" onClick={editor.discard} data-testid="discard">
              {t('send.discard')}
            </button>
          )}
        </p>
      )}
      {offer && offer.state !== 'withdrawn' && (
        <Button variant="subtle" color="clay" onClick={() => setWithdrawing(true)} data-testid="withdraw">
          {t('send.withdraw')}
        </Button>
      )}
      {withdrawing && <Withdraw id={view.id} onClose={() => setWithdrawing(false)} />}
    </div>
  );
}

function Withdraw({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useT();
  const { busy, run } = useCommand(onClose);
  return (
    <Ask
      title={t('send.withdraw')}
      action={t('send.withdraw')}
      danger
      busy={busy}
      onClose={onClose}
      onConfirm={() => void run('offer.withdraw', { quotation_id: id })}
    >
      <p>{t('send.withdraw_hint')}</p>
    </Ask>
  );
}
