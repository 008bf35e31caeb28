/** The hotel's own line of the booking: to confirm or decline. */
import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import type { BookingLine as Line, QuotationView } from '@/live/protocol';
import { Ask, Reason, useCommand } from '@/ui/Ask';
import { Deadline } from '@/ui/Time';
import classes from './BookingLine.module.css';

export function BookingLine({ view }: { view: QuotationView }) {
  const line = Object.values(view.booking?.lines ?? {})[0];
  return view.booking && line ? <OwnLine bookingId={view.booking.id} line={line} reference={view.booking.reference} /> : null;
}

function OwnLine({ bookingId, line, reference }: { bookingId: string; line: Line; reference?: string }) {
  const { t } = useT();
  const format = useFormat();
  const [declining, setDeclining] = useState(false);
  const { busy, run } = useCommand(() => undefined);
  return (
    <section className={`card ${classes.line}`} data-testid="booking-line" data-state={line.state}>
      <div>
        <h2>
          {t('line.title')} {reference && <small className="num">{reference}</small>}
        </h2>
        <p>
          {t(`line.${line.state}`)} {line.reason}
        </p>
        {line.state === 'pending' && line.answer_by && (
          <p>
            {t('line.answer_by')} <Deadline at={line.answer_by} />
          </p>
        )}
        {line.net_penalty && <p className="num">{t('line.penalty', { amount: format.money(line.net_penalty) })}</p>}
      </div>
      {line.state === 'pending' && (
        <div className={classes.actions}>
          <Button variant="default" onClick={() => setDeclining(true)} data-testid="decline-line">
            {t('line.decline')}
          </Button>
          <Button
            leftSection={<IconCheck size={15} />}
            loading={busy}
            onClick={() => void run('booking.confirm_line', { booking_id: bookingId, line_id: line.id })}
            data-testid="confirm-line"
          >
            {t('line.confirm')}
          </Button>
        </div>
      )}
      {declining && <Decline bookingId={bookingId} lineId={line.id} onClose={() => setDeclining(false)} />}
    </section>
  );
}

function Decline({ bookingId, lineId, onClose }: { bookingId: string; lineId: string; onClose: () => void }) {
  const { t } = useT();
  const [reason, setReason] = useState('');
  const { busy, run } = useCommand(onClose);
  return (
    <Ask
      title={t('line.decline')}
      action={t('line.decline')}
      danger
      busy={busy}
      ready={reason.trim() !== ''}
      onClose={onClose}
      onConfirm={() => void run('booking.decline_line', { booking_id: bookingId, line_id: lineId, reason: reason.trim() })}
    >
      <Reason value={reason} onChange={setReason} />
    </Ask>
  );
}
