/** A cell that is edited in place: Enter or leaving keeps what was typed, Esc drops it. */
import { Checkbox, TextInput, UnstyledButton } from '@mantine/core';
import { useState, type KeyboardEvent } from 'react';
import { useT } from '@/i18n';
import classes from './Catalogue.module.css';
import type { Column } from './kinds';

export function Cell(props: { column: Column; value: unknown; of: string; busy: boolean; onChange: (value: unknown) => void }) {
  const { column, value, of, onChange } = props;
  const { t, language } = useT();
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState(false);
  const { codec } = column;
  const label = `${t(column.label)}: ${of}`;
  if (!codec) {
    return (
      <Checkbox
        size="xs"
        aria-label={label}
        checked={Boolean(value)}
        disabled={props.busy}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  const shown = codec.write(value, language);
  if (column.fixed) return <span className={classes.fixed}>{shown}</span>;
  if (typed === null) {
    return (
      <UnstyledButton
        className={classes.value}
        aria-label={`${label}: ${shown || t('catalogue.nothing')}`}
        title={shown}
        disabled={props.busy}
        onClick={() => setTyped(shown)}
        data-testid={`cell-${column.key}`}
      >
        {shown || '–'}
      </UnstyledButton>
    );
  }
  const leave = (): void => {
    setTyped(null);
    setWrong(false);
  };
  const keep = (): void => {
    if (typed === shown) return leave();
    const read = codec.read(typed, language);
    if (read === undefined) return setWrong(true);
    leave();
    onChange(read);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') keep();
    if (event.key === 'Escape') leave();
  };
  return (
    <TextInput
      size="xs"
      autoFocus
      aria-label={label}
      value={typed}
      error={wrong && t('catalogue.wrong')}
      inputMode={codec.numeric ? 'decimal' : undefined}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={keep}
      data-testid={`edit-${column.key}`}
      className={classes.editing}
    />
  );
}
