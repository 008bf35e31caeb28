/** The booking's steps and lines as they fill in. */
import { useT } from '@/i18n';
import type { Booking as BookingView } from '@/live/protocol';
import { Badge } from '@/ui/Badge';
import { Steps } from '@/ui/Steps';
import classes from './Booking.module.css';

const TONES = { pending: 'wait', confirmed: 'good', declined: 'bad', lapsed: 'bad', cancelled: 'bad' } as const;

export function Booking({ booking }: { booking: BookingView }) {
  const { t } = useT();
  return (
    <section className={`card ${classes.booking}`} data-testid="booking">
      <header>
        <h2>{t('section.booking')}</h2>
        {booking.reference && <span className="muted num">{t('booking.reference', { reference: booking.reference })}</span>}
      </header>
      <Steps steps={booking.steps ?? {}} />
      <ul>
        {Object.values(booking.lines ?? {}).map((line) => (
          <li key={line.id}>
            {line.hotel_name} <Badge tone={TONES[line.state]}>{t(`booking.line.${line.state}`)}</Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}
