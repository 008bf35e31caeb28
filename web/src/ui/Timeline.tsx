/** A booking's steps as they happen: what runs, waits, failed and was taken back, with times and attempts. */
import { IconArrowBackUp, IconCheck, IconLoader2, IconMinus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { addMessages, useT, type Key } from '@/i18n';
import { timeline } from '@/i18n/messages/timeline';
import { span, useFormat } from '@/lib/format';
import { endingOf, entriesOf, progressOf, type Entry, type Payment } from '@/lib/timeline';
import type { Booking, BookingLine } from '@/live/protocol';
import { At, Deadline } from './Time';
import classes from './Timeline.module.css';

addMessages(timeline);

const ICONS: Partial<Record<string, ReactNode>> = {
  done: <IconCheck size={13} stroke={3} />,
  running: <IconLoader2 size={14} stroke={2.5} />,
  failed: <IconX size={13} stroke={3} />,
  undone: <IconArrowBackUp size={13} stroke={2.5} />,
  not_needed: <IconMinus size={13} stroke={2.5} />,
};

export function Timeline(props: { booking: Booking; prefix?: string; onlyNeeded?: boolean; beside?: (name: string) => ReactNode }) {
  const { t } = useT();
  const format = useFormat();
  const { booking, prefix = 'step', onlyNeeded, beside } = props;
  const ending = endingOf(booking);
  const entries = entriesOf(booking).filter(({ step }) => !onlyNeeded || step.state !== 'not_needed');
  return (
    <div className={classes.timeline}>
      <p className="muted" aria-live="polite">
        {ending ? t(`timeline.${ending}`) : t('timeline.progress', { ...progressOf(booking) })}
        {booking.penalty && ` ${t('timeline.penalty', { amount: format.money(booking.penalty) })}.`}
        {ending && booking.cancel_reason && ` ${booking.cancel_reason}`}
      </p>
      <ol aria-label={t('timeline.label')} data-testid="steps">
        {entries.map((entry) => (
          <Step key={entry.name} entry={entry} testid={`${prefix}-${entry.name}`} beside={beside?.(entry.name)} />
        ))}
      </ol>
    </div>
  );
}

function Step({ entry, testid, beside }: { entry: Entry; testid: string; beside?: ReactNode }) {
  const { t, has } = useT();
  const { name, step, payments, lines } = entry;
  return (
    <li data-testid={testid} data-state={step.state}>
      <i aria-hidden>{ICONS[step.state]}</i>
      <div>
        <b>{has(`step.${name}`) ? t(`step.${name}` as Key) : name}</b>
        <small>
          <Times entry={entry} />
        </small>
        {beside}
        {payments.length > 0 && (
          <ul>
            {payments.map((payment, index) => (
              <PaymentLine key={payment.id ?? index} payment={payment} />
            ))}
          </ul>
        )}
        {lines.length > 0 && (
          <ul>
            {lines.map((line) => (
              <HotelLine key={line.id} line={line} />
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

function Times({ entry: { step, took } }: { entry: Entry }) {
  const { t, has } = useT();
  const format = useFormat();
  const { state, at, started_at: startedAt, attempts = 0 } = step;
  return (
    <>
      <span>{has(`step_state.${state}`) ? t(`step_state.${state}` as Key) : state}</span>
      {state === 'running' && startedAt && <span className="num">{t('timeline.since', { at: format.time(startedAt) })}</span>}
      {at && state !== 'waiting' && state !== 'running' && state !== 'not_needed' && <At at={at} />}
      {took !== null && took >= 1000 && <span className="num">{t('timeline.took', { span: span(took, t) })}</span>}
      {attempts > 1 && <span className="num">{t('timeline.attempts', { count: attempts })}</span>}
    </>
  );
}

function PaymentLine({ payment }: { payment: Payment }) {
  const { t } = useT();
  const format = useFormat();
  const { kind = 'deposit', state = 'requested', amount, at, due, reason } = payment;
  return (
    <li data-testid="payment" data-kind={kind} data-state={state}>
      <span>
        {t(`payment.${kind}`)} {amount && <span className="num">{format.money(amount)}</span>}
      </span>
      <small>
        <span>{t(kind === 'refund' ? `refund_state.${state}` : `payment_state.${state}`)}</span>
        {state === 'requested' && due ? <Deadline at={due} /> : at && <At at={at} />}
        {reason && <span>{reason}</span>}
      </small>
    </li>
  );
}

function HotelLine({ line }: { line: BookingLine }) {
  const { t } = useT();
  const format = useFormat();
  const penalty = line.agency_penalty ?? line.net_penalty;
  return (
    <li data-testid="hotel-line" data-state={line.state}>
      <span>{line.hotel_name}</span>
      <small>
        <span>{t(`line_state.${line.state}`)}</span>
        {line.state === 'pending' && line.answer_by && <Deadline at={line.answer_by} />}
        {line.reason && <span>{line.reason}</span>}
        {penalty && <span className="num">{t('timeline.line_penalty', { amount: format.money(penalty) })}</span>}
      </small>
    </li>
  );
}
