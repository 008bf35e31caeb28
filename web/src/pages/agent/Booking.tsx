/** The booking as it runs by itself: its steps with the payments and hotels in them. */
import { useT } from '@/i18n';
import type { Booking as BookingView } from '@/live/protocol';
import { BookingActions } from '@/ui/BookingActions';
import { Timeline } from '@/ui/Timeline';
import classes from './Booking.module.css';

export function Booking({ booking }: { booking: BookingView }) {
  const { t } = useT();
  return (
    <section className={`card ${classes.booking}`} data-testid="booking" data-status={booking.status}>
      <header>
        <h2>{t('section.booking')}</h2>
        {booking.reference && <span className="muted num">{t('booking.reference', { reference: booking.reference })}</span>}
      </header>
      <Timeline booking={booking} />
      <BookingActions booking={booking} />
    </section>
  );
}
