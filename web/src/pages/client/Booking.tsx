/** The booking's steps as they fill in, with the deposit among them. */
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import type { Booking as BookingView, QuotationView } from '@/live/protocol';
import { BookingActions } from '@/ui/BookingActions';
import { Timeline } from '@/ui/Timeline';
import classes from './Booking.module.css';
import { depositAmount } from './journey';
import { Pay } from './Pay';

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
      <div className={classes.steps}>
        <Timeline
          booking={booking}
          prefix="booking-step"
          onlyNeeded
          beside={(name) =>
            name === 'deposit' && (
              <>
                <DepositDue view={view} booking={booking} />
                <Pay booking={booking} />
              </>
            )
          }
        />
        <BookingActions booking={booking} />
      </div>
    </section>
  );
}

/** What the terms say of the deposit, until it is asked for. */
function DepositDue({ view, booking }: { view: QuotationView; booking: BookingView }) {
  const { t } = useT();
  const format = useFormat();
  const amount = depositAmount(view);
  const due = view.deposit?.due;
  if (Object.keys(booking.payments ?? {}).length > 0 || (!amount && !due)) return null;
  return (
    <span className={`num ${classes.deposit}`}>
      {amount && format.money(amount)} {due && t('booking.due', { day: format.day(due) })}
    </span>
  );
}
