/** Terms that are chosen: from a list, or yes and no. */
import { Switch } from '@mantine/core';
import { useQuotationView } from '@/live/hooks';
import { editable } from '@/lib/terms';
import { Field } from './Field';
import { useTerm } from './useTerm';

export interface Choice {
  value: string;
  label: string;
}

export function ChoiceTerm(props: { id: string; field: string; label: string; choices: Choice[]; empty?: string }) {
  const { id, field, label, choices, empty } = props;
  const term = useTerm(id, field);
  const view = useQuotationView(id);
  const allowed = view !== null && editable(view, field).allowed;
  const value = String(term.values[field] ?? '');
  const known = value === '' || choices.some((choice) => choice.value === value);
  return (
    <Field term={term} label={label} locked={!allowed}>
      <select
        aria-label={label}
        data-testid={`field-${field}`}
        disabled={!allowed}
        value={value}
        onChange={(event) => term.commit({ [field]: event.currentTarget.value || null })}
        onFocus={term.onFocus}
        onBlur={term.onBlur}
      >
        {empty !== undefined && <option value="">{empty}</option>}
        {!known && <option value={value}>{value}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Field>
  );
}

export function SwitchTerm(props: { id: string; field: string; label: string; hint?: string; only?: boolean }) {
  const { id, field, label, hint, only } = props;
  const term = useTerm(id, field);
  const view = useQuotationView(id);
  const on = term.values[field] === true;
  const allowed = view !== null && editable(view, field).allowed && (only === undefined || only !== on);
  return (
    <Field term={term} label={label} bare locked={!allowed}>
      <Switch
        label={label}
        description={hint}
        data-testid={`field-${field}`}
        checked={on}
        disabled={!allowed}
        onChange={(event) => term.commit({ [field]: event.currentTarget.checked })}
        onFocus={term.onFocus}
        onBlur={term.onBlur}
        px="xs"
        py={6}
      />
    </Field>
  );
}
