/** The small controls that the offer form is made of. */
import { ActionIcon, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useT } from '@/i18n';
import classes from './OfferForm.module.css';
import type { OfferForm } from './offerForm';
import type { Problem } from './offerReading';

export interface SectionProps {
  form: OfferForm;
  set: (change: Partial<OfferForm>) => void;
  problems: readonly Problem[];
  currency: string;
}

export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section} aria-label={title}>
      <header>
        <h3 className="eyebrow">{title}</h3>
        {aside}
      </header>
      {children}
    </section>
  );
}

export function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" className={classes.add} onClick={onClick}>
      <IconPlus size={12} aria-hidden /> {label}
    </button>
  );
}

export function RemoveButton({ what, onClick }: { what: string; onClick: () => void }) {
  const { t } = useT();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="sm"
      className={classes.remove}
      onClick={onClick}
      aria-label={`${t('action.remove')}: ${what}`}
    >
      <IconX size={13} />
    </ActionIcon>
  );
}

/** A typed number: right-aligned, with what is wrong told to all. `bare` has its label for screen readers only. */
export function NumberText(props: {
  field: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  problems: readonly Problem[];
  bare?: boolean;
  unit?: string;
  placeholder?: string;
  whole?: boolean;
  testid?: string;
}) {
  const { t } = useT();
  const problem = props.problems.find(({ field }) => field === props.field);
  return (
    <TextInput
      size="xs"
      name={props.field}
      label={props.bare ? undefined : props.label}
      aria-label={props.label}
      title={problem ? t(`problem.${problem.kind}`) : undefined}
      error={problem && (props.bare ? true : t(`problem.${problem.kind}`))}
      inputMode={props.whole ? 'numeric' : 'decimal'}
      autoComplete="off"
      classNames={{ input: classes.number }}
      placeholder={props.placeholder}
      rightSection={props.unit && <span className={classes.unit}>{props.unit}</span>}
      rightSectionWidth={props.unit && props.unit.length > 1 ? 34 : 22}
      rightSectionPointerEvents="none"
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      data-testid={props.testid ?? `offer-${props.field}`}
    />
  );
}

/** The list with one item replaced, or taken out. */
export const withItem = <T,>(list: readonly T[], index: number, change: Partial<T>): T[] =>
  list.map((item, at) => (at === index ? { ...item, ...change } : item));
export const withoutItem = <T,>(list: readonly T[], index: number): T[] => list.filter((_, at) => at !== index);
