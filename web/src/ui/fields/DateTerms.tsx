/** The dates of the stay, sent together so that both may move; and a moment. */
import '@mantine/dates/styles.layer.css';
import 'dayjs/locale/es';
import 'dayjs/locale/pt';
import { DatePickerInput, DateTimePicker } from '@mantine/dates';
import { useId, useState } from 'react';
import { useT } from '@/i18n';
import { useQuotationView } from '@/live/hooks';
import { editable } from '@/lib/terms';
import { Field } from './Field';
import { useTerm } from './useTerm';

type Range = [string | null, string | null];

export function DatesTerm({ id }: { id: string }) {
  const { t, language } = useT();
  const term = useTerm(id, 'dates', ['check_in', 'check_out']);
  const view = useQuotationView(id);
  const [picking, setPicking] = useState<Range | null>(null);
  const own = useId();
  const { allowed, outdates } = view ? editable(view, 'check_in') : { allowed: false, outdates: false };
  const stored: Range = [asDay(term.values.check_in), asDay(term.values.check_out)];
  const pick = (range: Range): void => {
    const [check_in, check_out] = range;
    if (check_in && check_out) {
      setPicking(null);
      term.commit({ check_in, check_out });
    } else setPicking(range);
  };
  return (
    <Field term={term} label={t('term.dates')} locked={!allowed} hint={outdates ? t('field.outdates') : undefined}>
      <span id={`${own}-name`} className="visually-hidden">
        {t('term.dates')}
      </span>
      <DatePickerInput
        id={own}
        aria-labelledby={`${own}-name ${own}`}
        type="range"
        variant="unstyled"
        size="sm"
        px={0}
        locale={language}
        valueFormat="D MMM YYYY"
        data-testid="field-dates"
        placeholder={t('field.empty')}
        disabled={!allowed}
        value={picking ?? stored}
        onChange={pick}
        onFocus={term.onFocus}
        onBlur={term.onBlur}
        popoverProps={{ onClose: () => setPicking(null) }}
        numberOfColumns={1}
      />
    </Field>
  );
}

const asDay = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const localText = (instant: string): string => {
  const date = new Date(instant);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:00`;
};

/** Picks a moment in the viewer's zone; gives and takes instants in UTC. */
export function Moment(props: {
  label: string;
  value: string | null;
  onChange: (instant: string | null) => void;
  required?: boolean;
  bare?: boolean;
  disabled?: boolean;
  testid?: string;
  size?: 'xs' | 'sm';
  onFocus?: () => void;
  onBlur?: () => void;
}) {
  const { language } = useT();
  const own = useId();
  // Both controls are buttons that show their value: their name is the label and the value.
  const name = <span id={`${own}-name`}>{props.label}</span>;
  return (
    <>
      {props.bare && <span className="visually-hidden">{name}</span>}
      <DateTimePicker
        id={own}
        label={props.bare ? undefined : name}
        aria-labelledby={`${own}-name ${own}`}
        variant={props.bare ? 'unstyled' : 'default'}
        px={props.bare ? 0 : undefined}
        size={props.size ?? 'sm'}
        locale={language}
        valueFormat="D MMM YYYY, HH:mm"
        minDate={new Date().toISOString().slice(0, 10)}
        withAsterisk={props.required}
        disabled={props.disabled}
        clearable={!props.required}
        data-testid={props.testid}
        value={props.value ? localText(props.value) : null}
        onChange={(text) => props.onChange(text ? new Date(text.replace(' ', 'T')).toISOString() : null)}
        onFocus={props.onFocus}
        onBlur={props.onBlur}
      />
    </>
  );
}

export function DeadlineTerm({ id }: { id: string }) {
  const { t } = useT();
  const term = useTerm(id, 'deadline');
  const view = useQuotationView(id);
  const allowed = view !== null && editable(view, 'deadline').allowed;
  return (
    <Field term={term} label={t('term.deadline')} locked={!allowed}>
      <Moment
        bare
        label={t('term.deadline')}
        testid="field-deadline"
        disabled={!allowed}
        value={asDay(term.values.deadline)}
        onChange={(deadline) => term.commit({ deadline })}
        onFocus={term.onFocus}
        onBlur={term.onBlur}
      />
    </Field>
  );
}
