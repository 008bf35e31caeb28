/** Which hotels may see their competitors' offers, by whose leave and why. Only an operator changes it. */
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useT } from '@/i18n';
import { useMe } from '@/live/hooks';
import type { QuotationView } from '@/live/protocol';
import { Ask, Reason, useCommand } from '@/ui/Ask';
import { At } from '@/ui/Time';
import classes from './Grants.module.css';
import { hotelName } from './offers';

export function Grants({ view }: { view: QuotationView }) {
  const { t } = useT();
  const isAdmin = useMe().role === 'admin';
  const [taking, setTaking] = useState<string | null>(null);
  const grants = Object.values(view.grants ?? {});
  return (
    <section data-testid="grants">
      <h2 className="eyebrow">{t('grants.title')}</h2>
      <p className={classes.hint}>{t('grants.hint')}</p>
      <ul className={classes.grants}>
        {grants.map((grant) => (
          <li key={grant.hotel_id} data-testid={`grant-${grant.hotel_id}`}>
            <b>{hotelName(view, grant.hotel_id)}</b>
            <span>{grant.reason}</span>
            <small>
              {grant.by?.name} · <At at={grant.at} />
            </small>
            {isAdmin && (
              <Button size="compact-xs" variant="default" onClick={() => setTaking(grant.hotel_id)} data-testid="revoke">
                {t('grants.take')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {isAdmin && <Give view={view} />}
      {taking && <Take view={view} hotelId={taking} onClose={() => setTaking(null)} />}
    </section>
  );
}

function Give({ view }: { view: QuotationView }) {
  const { t } = useT();
  const free = Object.values(view.invitations ?? {}).filter(({ hotel_id }) => !view.grants?.[hotel_id]);
  const [hotel, setHotel] = useState('');
  const [reason, setReason] = useState('');
  const { busy, run } = useCommand(() => (setReason(''), setHotel('')));
  const hotelId = hotel || free[0]?.hotel_id;
  if (!hotelId) return null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void run('quotation.grant', { quotation_id: view.id, hotel_id: hotelId, reason: reason.trim() });
  };
  return (
    <form onSubmit={submit} className={classes.give} data-testid="grant-form">
      <NativeSelect
        size="xs"
        aria-label={t('role.hotel')}
        value={hotelId}
        onChange={(event) => setHotel(event.currentTarget.value)}
        data={free.map(({ hotel_id, name }) => ({ value: hotel_id, label: name }))}
        data-testid="grant-hotel"
      />
      <TextInput
        size="xs"
        placeholder={t('field.reason')}
        aria-label={t('field.reason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
        data-testid="grant-reason"
      />
      <Button type="submit" variant="light" loading={busy} disabled={!reason.trim()} data-testid="grant">
        {t('grants.give')}
      </Button>
    </form>
  );
}

function Take({ view, hotelId, onClose }: { view: QuotationView; hotelId: string; onClose: () => void }) {
  const { t } = useT();
  const [reason, setReason] = useState('');
  const { busy, run } = useCommand(onClose);
  const payload = { quotation_id: view.id, hotel_id: hotelId, reason: reason.trim() };
  return (
    <Ask
      title={`${t('grants.take')}: ${hotelName(view, hotelId)}`}
      action={t('grants.take')}
      busy={busy}
      ready={reason.trim() !== ''}
      onClose={onClose}
      onConfirm={() => void run('quotation.revoke', payload)}
    >
      <Reason value={reason} onChange={setReason} />
    </Ask>
  );
}
