/** What somebody may do with a booking that runs by itself: call it off, or, for operators, have it tried again. */
import { Button } from '@mantine/core';
import { IconRefresh, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import { mayCancel, mayRetry } from '@/lib/timeline';
import { useMe } from '@/live/hooks';
import type { Booking } from '@/live/protocol';
import { request, RestError } from '@/rest/client';
import { Ask, Reason, useCommand } from './Ask';
import classes from './BookingActions.module.css';
import { showDone, showRefusal } from './refusals';

export function BookingActions({ booking }: { booking: Booking }) {
  const { t } = useT();
  const { role } = useMe();
  const [cancelling, setCancelling] = useState(false);
  if (!mayCancel(booking, role) && !mayRetry(booking, role)) return null;
  return (
    <div className={classes.actions}>
      {mayRetry(booking, role) && <Retry bookingId={booking.id} />}
      {mayCancel(booking, role) && (
        <Button
          variant="default"
          leftSection={<IconX size={14} />}
          onClick={() => setCancelling(true)}
          data-testid="cancel-booking"
        >
          {t('timeline.cancel')}
        </Button>
      )}
      {cancelling && <Cancel bookingId={booking.id} onClose={() => setCancelling(false)} />}
    </div>
  );
}

function Cancel({ bookingId, onClose }: { bookingId: string; onClose: () => void }) {
  const { t } = useT();
  const [reason, setReason] = useState('');
  const { busy, run } = useCommand(onClose);
  return (
    <Ask
      title={t('timeline.cancel')}
      action={t('timeline.cancel')}
      danger
      busy={busy}
      ready={reason.trim() !== ''}
      onClose={onClose}
      onConfirm={() => void run('booking.cancel', { booking_id: bookingId, reason: reason.trim() })}
    >
      <p className={classes.hint}>{t('timeline.cancel_hint')}</p>
      <Reason value={reason} onChange={setReason} />
    </Ask>
  );
}

/** Only what was given up can be tried again; everything else goes on by itself. */
function Retry({ bookingId }: { bookingId: string }) {
  const { t } = useT();
  const [busy, setBusy] = useState(false);
  const retry = async (): Promise<void> => {
    setBusy(true);
    try {
      await request('POST', `/ops/workflows/${encodeURIComponent(`booking:${bookingId}`)}/retry`);
      showDone(t('timeline.retried'));
    } catch (error) {
      if (error instanceof RestError && error.code === 'workflow.not_found') showDone(t('timeline.no_retry'));
      else showRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="default" leftSection={<IconRefresh size={14} />} loading={busy} onClick={() => void retry()} data-testid="retry-booking">
      {t('timeline.retry')}
    </Button>
  );
}
