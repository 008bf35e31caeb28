/** Extending, closing, cancelling: small questions before something that others will see. */
import { Button, Modal, Textarea } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useT } from '@/i18n';
import { command } from '@/live/edits';
import type { CommandName, CommandPayloads, QuotationView } from '@/live/protocol';
import { Moment } from '@/ui/fields/DateTerms';
import { showRefusal } from '@/ui/refusals';
import classes from './dialogs.module.css';

interface DialogProps {
  view: QuotationView;
  onClose: () => void;
}

/** Sends one command; the dialog closes when it was done, and stays when it was refused. */
export function useCommand(onDone: () => void): {
  busy: boolean;
  run: <N extends CommandName>(name: N, payload: CommandPayloads[N]) => Promise<void>;
} {
  const [busy, setBusy] = useState(false);
  return {
    busy,
    run: async (name, payload) => {
      setBusy(true);
      try {
        await command(name, payload);
        onDone();
      } catch (error) {
        showRefusal(error);
      } finally {
        setBusy(false);
      }
    },
  };
}

export function Ask(props: {
  title: string;
  action: string;
  danger?: boolean;
  busy: boolean;
  ready?: boolean;
  onClose: () => void;
  onConfirm: () => void;
  children: ReactNode;
  size?: string;
}) {
  const { t } = useT();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    props.onConfirm();
  };
  return (
    <Modal opened onClose={props.onClose} title={props.title} size={props.size ?? 'md'}>
      <form onSubmit={submit} className={classes.form}>
        {props.children}
        <footer>
          <Button variant="default" onClick={props.onClose}>
            {t('action.back')}
          </Button>
          <Button
            type="submit"
            color={props.danger ? 'clay' : undefined}
            loading={props.busy}
            disabled={props.ready === false}
            data-testid="confirm"
          >
            {props.action}
          </Button>
        </footer>
      </form>
    </Modal>
  );
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

export function Reason({ value, onChange }: { value: string; onChange: (reason: string) => void }) {
  const { t } = useT();
  return (
    <Textarea
      label={t('act.reason')}
      minRows={2}
      maxLength={1000}
      required
      data-testid="reason"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
