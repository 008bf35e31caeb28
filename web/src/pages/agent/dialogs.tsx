/** Extending, closing, cancelling: small questions before something that others will see. */
import { useState } from 'react';
import { useT } from '@/i18n';
import type { QuotationView } from '@/live/protocol';
import { Ask, Reason, useCommand } from '@/ui/Ask';
import { Moment } from '@/ui/fields/DateTerms';
import classes from './dialogs.module.css';

interface DialogProps {
  view: QuotationView;
  onClose: () => void;
}

export function ExtendDialog({ view, onClose }: DialogProps) {
  const { t } = useT();
  const { busy, run } = useCommand(onClose);
  const start = Math.max(Date.now(), Date.parse(view.deadline ?? '') || 0) + 2 * 86_400_000;
  const [deadline, setDeadline] = useState<string | null>(new Date(start).toISOString());
  const [reason, setReason] = useState('');
  const left = 2 - Object.keys(view.extensions ?? {}).length;
  return (
    <Ask
      title={t('act.extend')}
      action={t('act.extend')}
      busy={busy}
      ready={deadline !== null && reason.trim() !== ''}
      onClose={onClose}
      onConfirm={() => void run('quotation.extend', { quotation_id: view.id, deadline: deadline!, reason: reason.trim() })}
    >
      <p className={classes.hint}>{t('act.extensions_left', { count: left })}</p>
      <Moment label={t('act.new_deadline')} value={deadline} onChange={setDeadline} required testid="extend-deadline" />
      <Reason value={reason} onChange={setReason} />
    </Ask>
  );
}

export function CloseDialog({ view, onClose }: DialogProps) {
  const { t } = useT();
  const { busy, run } = useCommand(onClose);
  return (
    <Ask
      title={t('act.close')}
      action={t('act.close')}
      busy={busy}
      onClose={onClose}
      onConfirm={() => void run('quotation.close', { quotation_id: view.id })}
    >
      <p className={classes.hint}>{t('act.close_hint')}</p>
    </Ask>
  );
}

export function CancelDialog({ view, onClose }: DialogProps) {
  const { t } = useT();
  const { busy, run } = useCommand(onClose);
  const [reason, setReason] = useState('');
  return (
    <Ask
      title={t('act.cancel')}
      action={t('act.cancel')}
      danger
      busy={busy}
      ready={reason.trim() !== ''}
      onClose={onClose}
      onConfirm={() => void run('quotation.cancel', { quotation_id: view.id, reason: reason.trim() })}
    >
      <p className={classes.hint}>{t('act.cancel_hint')}</p>
      <Reason value={reason} onChange={setReason} />
    </Ask>
  );
}
