/** A short list of like lines, each a few small inputs. */
import { ActionIcon, Button, NativeSelect, Switch, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useT } from '@/i18n';
import classes from './Lines.module.css';

interface Choice {
  value: string;
  label: string;
}

export interface Column<L> {
  field: keyof L & string;
  label: string;
  numeric?: boolean;
  /** Holds a few characters: leaves its line to the others. */
  short?: boolean;
  date?: boolean;
  toggle?: boolean;
  choices?: Choice[];
}

export function Lines<L extends object>(props: {
  title: string;
  lines: L[];
  fresh: L;
  columns: Column<L>[];
  onChange: (lines: L[]) => void;
}) {
  const { t } = useT();
  const { title, lines, columns, onChange } = props;
  const set = (index: number, field: string, value: unknown): void =>
    onChange(lines.map((line, at) => (at === index ? { ...line, [field]: value } : line)));
  return (
    <div role="group" aria-label={title} className={classes.lines}>
      <div className={classes.title}>
        <h4>{title}</h4>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={12} />}
          onClick={() => onChange([...lines, props.fresh])}
          aria-label={`${t('action.add')}: ${title}`}
        >
          {t('action.add')}
        </Button>
      </div>
      {lines.map((line, index) => (
        <div key={index} className={classes.line}>
          {columns.map((column) => (
            <Cell
              key={column.field}
              column={column}
              name={`${column.label} ${index + 1}`}
              value={line[column.field]}
              onChange={(value) => set(index, column.field, value)}
            />
          ))}
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`${t('action.remove')}: ${title} ${index + 1}`}
            onClick={() => onChange(lines.filter((_, at) => at !== index))}
          >
            <IconTrash size={13} />
          </ActionIcon>
        </div>
      ))}
    </div>
  );
}

function Cell<L>(props: { column: Column<L>; name: string; value: unknown; onChange: (value: unknown) => void }) {
  const { column, name, value, onChange } = props;
  if (column.toggle) {
    return (
      <Switch
        label={column.label}
        aria-label={name}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (column.choices) {
    return (
      <NativeSelect
        size="xs"
        className={classes.choice}
        aria-label={name}
        value={String(value)}
        onChange={(event) => onChange(event.currentTarget.value)}
        data={column.choices}
      />
    );
  }
  return (
    <TextInput
      size="xs"
      className={column.short ? classes.short : classes.text}
      aria-label={name}
      type={column.date ? 'date' : undefined}
      placeholder={column.label}
      title={column.label}
      inputMode={column.numeric ? 'decimal' : undefined}
      value={String(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

export function NativePick(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  choices: Choice[];
  testid?: string;
}) {
  return (
    <NativeSelect
      size="xs"
      label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      data={props.choices}
      data-testid={props.testid}
    />
  );
}
