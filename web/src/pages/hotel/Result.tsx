/** What became of the offer, and the rooms to hold when it was selected. */
import { Button } from '@mantine/core';
import { IconCircleCheck, IconHourglass, IconMoodEmpty } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import type { Booking, BookingLine, QuotationView } from '@/live/protocol';
import { Ask, Reason, useCommand } from '@/ui/Ask';
import { Badge } from '@/ui/Badge';
import classes from './Result.module.css';
import { isLive, ownOffer } from './standing';

const ICONS = { closed: IconHourglass, selected: IconCircleCheck, not_selected: IconMoodEmpty } as const;

export function Result({ view }: { view: QuotationView }) {
  const { t } = useT();
  const state = view.invitation;
  if (!state || state === 'open') return null;
  const Icon = ICONS[state];
  const offered = isLive(ownOffer(view)) || ownOffer(view)?.state === 'outdated';
  return (
    <section className={classes.result} data-state={state} data-testid="result">
      <Icon size={22} aria-hidden />
      <div className={classes.words}>
        <h2>{t(`result.${state}`)}</h2>
        {!view.booking && <p>{t(state === 'closed' && !offered ? 'result.closed_without' : `result.${state}_hint`)}</p>}
        {state === 'selected' && view.client && (
          <p>
            {t('result.contact')} <b>{view.client.name}</b>{' '}
            {view.client.email && <a href={`mailto:${view.client.email}`}>{view.client.email}</a>}
          </p>
        )}
      </div>
      {Object.values(view.booking?.lines ?? {}).map((line) => (
        <Line key={line.id} booking={view.booking!} line={line} />
      ))}
    </section>
  );
}

const TONES = { pending: 'wait', confirmed: 'good', declined: 'bad', cancelled: 'bad' } as const;

function Line({ booking, line }: { booking: Booking; line: BookingLine }) {
  const { t } = useT();
  const [declining, setDeclining] = useState(false);
  const { busy, run } = useCommand(() => undefined);
  const on = { booking_id: booking.id, line_id: line.id };
  return (
    <div className={classes.line} data-testid="booking-line" data-state={line.state}>
      <Badge tone={TONES[line.state]}>{t(`line.${line.state}`)}</Badge>
      {line.state === 'pending' && (
        <>
          <Button onClick={() => void run('booking.confirm_line', on)} loading={busy} data-testid="line-confirm">
            {t('line.confirm')}
          </Button>
          <Button variant="default" onClick={() => setDeclining(true)} data-testid="line-decline">
            {t('line.decline')}
          </Button>
        </>
      )}
      {declining && <DeclineDialog on={on} onClose={() => setDeclining(false)} />}
    </div>
  );
}

function DeclineDialog({ on, onClose }: { on: { booking_id: string; line_id: string }; onClose: () => void }) {
  const { t } = useT();
  const [reason, setReason] = useState('');
  const { busy, run } = useCommand(onClose);
  return (
    <Ask
      title={t('line.decline_title')}
      action={t('line.decline')}
      danger
      busy={busy}
      ready={reason.trim() !== ''}
      onClose={onClose}
      onConfirm={() => void run('booking.decline_line', { ...on, reason: reason.trim() })}
    >
      <p>{t('line.decline_hint')}</p>
      <Reason value={reason} onChange={setReason} />
    </Ask>
  );
}
