/** The booking's steps as they fill in, with the deposit among them. */
import { IconCheck, IconX } from '@tabler/icons-react';
import { useT, type Key } from '@/i18n';
import { useFormat } from '@/lib/format';
import type { Booking as BookingView, BookingStep, QuotationView } from '@/live/protocol';
import { At } from '@/ui/Time';
import classes from './Booking.module.css';
import { depositAmount } from './journey';

const DONE = new Set(['done', 'not_needed']);
const BAD = new Set(['failed', 'undone']);

export function Booking({ view, booking }: { view: QuotationView; booking: BookingView }) {
  const { t } = useT();
  return (
    <section className={`card ${classes.booking}`} data-testid="booking" data-status={booking.status}>
      <header>
        <h2>{t('booking.title')}</h2>
        {booking.reference && (
          <span className="num">
            {t('booking.reference_is')} <b>{booking.reference}</b>
          </span>
        )}
      </header>
      <ol aria-live="polite">
        {Object.entries(booking.steps ?? {})
          .filter(([, step]) => step.state !== 'not_needed')
          .map(([name, step]) => (
            <Step key={name} name={name} step={step} view={view} />
          ))}
      </ol>
    </section>
  );
}

function Step({ name, step, view }: { name: string; step: BookingStep; view: QuotationView }) {
  const { t, has } = useT();
  const { state } = step;
  const label = has(`step.${name}`) ? t(`step.${name}` as Key) : name;
  return (
    <li data-testid={`booking-step-${name}`} data-state={state} data-done={DONE.has(state ?? '') || undefined} data-bad={BAD.has(state ?? '') || undefined}>
      <i aria-hidden>{BAD.has(state ?? '') ? <IconX size={13} stroke={3} /> : DONE.has(state ?? '') ? <IconCheck size={13} stroke={3} /> : null}</i>
      <span>
        <b>{label}</b>
        {name === 'deposit' && <DepositDue view={view} />}
      </span>
      <small>
        {has(`step_state.${state}`) ? t(`step_state.${state}` as Key) : state}
        {step.at && state !== 'waiting' && (
          <>
            <br />
            <At at={step.at} />
          </>
        )}
      </small>
    </li>
  );
}

function DepositDue({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const amount = depositAmount(view);
  const due = view.deposit?.due;
  if (!amount && !due) return null;
  return (
    <span className={`num ${classes.deposit}`}>
      {amount && format.money(amount)} {due && t('booking.due', { day: format.day(due) })}
    </span>
  );
}
