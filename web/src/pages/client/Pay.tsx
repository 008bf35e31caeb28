/** Paying what was asked for, at the demo's gateway. */
import { Button } from '@mantine/core';
import { IconCreditCard } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import type { Booking } from '@/live/protocol';
import { request } from '@/rest/client';
import { showRefusal } from '@/ui/refusals';

/** A button for the payment that is awaited, if there is one; that it arrived comes as a fact. */
export function Pay({ booking }: { booking: Booking }) {
  const { t } = useT();
  const format = useFormat();
  const [busy, setBusy] = useState(false);
  const awaited = Object.values(booking.payments ?? {}).find(
    ({ kind, state }) => kind === 'deposit' && (state === 'requested' || state === 'failed'),
  );
  if (!awaited?.amount || booking.status !== 'pending') return null;
  const pay = async (): Promise<void> => {
    setBusy(true);
    try {
      await request('POST', `/bookings/${booking.id}/payments/${awaited.id}/pay`, { outcome: 'received' });
    } catch (error) {
      showRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button leftSection={<IconCreditCard size={15} />} loading={busy} onClick={() => void pay()} data-testid="pay-deposit">
      {t('timeline.pay', { amount: format.money(awaited.amount) })}
    </Button>
  );
}
