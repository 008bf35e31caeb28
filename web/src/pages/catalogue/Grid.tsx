/** A table of things whose cells are edited in place; what stands below a row may be opened. */
import { ActionIcon } from '@mantine/core';
import { IconChevronRight, IconTrash } from '@tabler/icons-react';
import { Fragment, useState, type ReactNode } from 'react';
import { useT } from '@/i18n';
import { Cell } from './Cell';
import classes from './Catalogue.module.css';
import type { Column, Item } from './kinds';

export function Grid(props: {
  label: string;
  columns: Column[];
  rows: Item[];
  busy: boolean;
  keyOf: (row: Item, index: number) => string;
  onChange: (row: Item, index: number, after: Item) => void;
  onRemove?: (row: Item, index: number) => void;
  below?: (row: Item) => ReactNode;
}) {
  const { t, language } = useT();
  const [open, setOpen] = useState<string | null>(null);
  const { columns, below, onRemove } = props;
  const first = columns[0]!;
  return (
    <table className={classes.table} aria-label={props.label}>
      <thead>
        <tr>
          {below && <td />}
          {columns.map((column) => (
            <th key={column.key} scope="col" data-right={column.codec?.numeric || undefined}>
              {t(column.label)}
            </th>
          ))}
          {onRemove && <td />}
        </tr>
      </thead>
      <tbody>
        {props.rows.map((row, index) => {
          const id = props.keyOf(row, index);
          const name = first.codec?.write(row[first.key], language) ?? id;
          return (
            <Fragment key={id}>
              <tr data-testid="catalogue-row" data-id={id}>
                {below && (
                  <td>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      size="sm"
                      aria-label={t('catalogue.open', { name })}
                      aria-expanded={open === id}
                      onClick={() => setOpen(open === id ? null : id)}
                      data-testid="open-row"
                    >
                      <IconChevronRight size={14} className={classes.chevron} data-open={open === id || undefined} />
                    </ActionIcon>
                  </td>
                )}
                {columns.map((column) => (
                  <td key={column.key} data-right={column.codec?.numeric || undefined} className={column.codec?.numeric ? 'num' : ''}>
                    <Cell
                      column={column}
                      value={row[column.key]}
                      of={name}
                      busy={props.busy}
                      onChange={(value) => props.onChange(row, index, { ...row, [column.key]: value })}
                    />
                  </td>
                ))}
                {onRemove && (
                  <td>
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      size="sm"
                      disabled={props.busy}
                      aria-label={`${t('action.remove')}: ${name}`}
                      onClick={() => onRemove(row, index)}
                      data-testid="remove-row"
                    >
                      <IconTrash size={14} />
                    </ActionIcon>
                  </td>
                )}
              </tr>
              {below && open === id && (
                <tr className={classes.below}>
                  <td colSpan={columns.length + 2}>{below(row)}</td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}
