/** A small question before something that others will see, and the command that follows. */
import { Button, Modal, Textarea } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useT } from '@/i18n';
import { command } from '@/live/edits';
import type { CommandName, Payload } from '@/live/protocol';
import classes from './Ask.module.css';
import { showRefusal } from './refusals';

/** Sends one command; the dialog closes when it was done, and stays when it was refused. */
export function useCommand(onDone: () => void): {
  busy: boolean;
  run: <N extends CommandName>(name: N, payload: Payload<N>) => Promise<void>;
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
    <Modal opened closeButtonProps={{ 'aria-label': t('action.close') }} onClose={props.onClose} title={props.title} size={props.size ?? 'md'}>
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

export function Reason({ value, onChange }: { value: string; onChange: (reason: string) => void }) {
  const { t } = useT();
  return (
    <Textarea
      label={t('field.reason')}
      minRows={2}
      maxLength={1000}
      required
      data-testid="reason"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
