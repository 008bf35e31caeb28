/** The frame around an editable thing: label, who is in it, whether it is saved, and a conflict if there is one. */
import { Tooltip } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useT } from '@/i18n';
import { announce } from '@/ui/announce';
import { toneOf } from '@/ui/People';
import { ConflictCard } from './ConflictCard';
import classes from './Field.module.css';
import type { Term } from './useTerm';

export interface FieldProps {
  term: Term;
  label: string;
  hint?: string;
  error?: string | null;
  unsent?: boolean;
  locked?: boolean;
  /** `bare` shows no label above (the control has it as its accessible name). */
  bare?: boolean;
  children: ReactNode;
}

export function Field({ term, label, hint, error, unsent, locked, bare, children }: FieldProps) {
  const { t } = useT();
  const other = term.others[0];
  useEffect(() => {
    if (other) announce(`${label}: ${t('field.typing', { name: other.name })}`);
  }, [other?.id]);
  const style = other ? ({ '--tone': toneOf(other.id) } as React.CSSProperties) : undefined;
  return (
    <div
      className={classes.field}
      style={style}
      data-focused-by={other?.name}
      data-pending={term.pending || undefined}
      data-locked={locked || undefined}
    >
      {!bare && (
        <div className={classes.label}>
          <span title={locked ? t('field.locked') : hint}>{label}</span>
          {unsent && (
            <Tooltip label={t('field.unsent')}>
              <i className={classes.unsent} role="img" aria-label={t('field.unsent')} />
            </Tooltip>
          )}
          {term.pending && <i className={classes.pending} role="img" aria-label={t('field.pending')} />}
        </div>
      )}
      <div className={classes.control}>
        {children}
        {other && <span className={classes.flag}>{other.name.split(' ')[0]}</span>}
      </div>
      {error && (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
      {term.conflict && <ConflictCard term={term} conflict={term.conflict} />}
    </div>
  );
}
