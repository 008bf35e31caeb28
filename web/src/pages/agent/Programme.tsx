/** What the trip contains besides the hotel, edited in place; each line with what it costs the agency. */
import { Button, CloseButton } from '@mantine/core';
import { IconRoute } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useT } from '@/i18n';
import { add } from '@/lib/decimal';
import { useFormat } from '@/lib/format';
import { editable } from '@/lib/terms';
import type { GuideNeed, ItemNeed, Json, Leg, PriceLine, QuotationView } from '@/live/protocol';
import { Field } from '@/ui/fields/Field';
import { TextTerm, type Typing } from '@/ui/fields/TextTerm';
import { lines } from '@/ui/fields/typings';
import { useTerm } from '@/ui/fields/useTerm';
import { Notice } from '@/ui/states';
import classes from './Programme.module.css';

const sizes: Typing = {
  show: (value) => (Array.isArray(value) ? value.join(', ') : ''),
  parse: (typed) => {
    const items = typed.split(/[\s,;]+/).filter(Boolean);
    return items.every((item) => /^[1-9]\d{0,3}$/.test(item)) ? { value: items.map(Number) } : { problem: 'field.bad_number' };
  },
};

export default function Programme({ view }: { view: QuotationView }) {
  const { t } = useT();
  const { id, running } = view;
  return (
    <section className={classes.programme} data-testid="programme">
      {!view.choices && <Notice icon={<IconRoute size={24} />} title={t('trip.no_tariff')} hint={t('trip.no_tariff_hint')} />}
      <Transport view={view} />
      <Guides view={view} />
      <Items view={view} />
      <div className={classes.two}>
        <TextTerm
          id={id}
          field="programme.services"
          label={t('trip.services')}
          typing={lines}
          multiline
          placeholder={t('trip.services_hint')}
        />
        <TextTerm id={id} field="programme.bands" label={t('trip.bands')} typing={sizes} placeholder="10, 15, 20, 25, 30, 35, 40" />
      </div>
      {running?.total && <Total amount={running.total} />}
    </section>
  );
}

function Total({ amount }: { amount: PriceLine['amount'] }) {
  const { t } = useT();
  const format = useFormat();
  return (
    <p className={classes.total}>
      <span>{t('trip.total')}</span>
      <b className="num" data-testid="trip-total">
        {format.money(amount)}
      </b>
    </p>
  );
}

function Transport({ view }: { view: QuotationView }) {
  const { t } = useT();
  const vehicles = Object.entries(view.choices?.vehicles ?? {});
  const choices = vehicles.map(([code, { name, seats }]) => [code, t('trip.seats', { name, seats })] as const);
  return (
    <Rows<Leg> view={view} field="programme.transport" title={t('trip.transport')} fresh={{ days: 1, km: 0 }}>
      {(leg, place, change) => (
        <>
          <Text label={t('trip.way')} value={leg.name ?? ''} onChange={(name) => change({ ...leg, name })} />
          <Pick
            label={t('trip.vehicle')}
            value={leg.vehicle ?? ''}
            empty={t('trip.any_vehicle')}
            choices={choices}
            onChange={(vehicle) => change({ ...leg, vehicle: vehicle || undefined })}
          />
          <Count label={t('trip.km')} value={leg.km ?? 0} onChange={(km) => change({ ...leg, km })} />
          <Count label={t('trip.days')} value={leg.days ?? 1} least={1} onChange={(days) => change({ ...leg, days })} />
          <Amount view={view} of={`transport-${place}`} />
        </>
      )}
    </Rows>
  );
}

function Guides({ view }: { view: QuotationView }) {
  const { t } = useT();
  const guides = view.choices?.guides ?? [];
  const choices = guides.map(({ language, kind, name }) => [`${language} ${kind}`, name ?? `${language} · ${kind}`] as const);
  const [first] = guides;
  const fresh = first && { language: first.language, kind: first.kind, days: 1 };
  return (
    <Rows<GuideNeed> view={view} field="programme.guides" title={t('trip.guides')} fresh={fresh}>
      {(guide, place, change) => (
        <>
          <Pick
            label={t('trip.guide')}
            value={`${guide.language} ${guide.kind ?? 'local'}`}
            choices={choices}
            onChange={(value) => {
              const [language = '', kind = ''] = value.split(' ');
              change({ ...guide, language, kind });
            }}
          />
          <Count label={t('trip.days')} value={guide.days ?? 1} least={1} onChange={(days) => change({ ...guide, days })} />
          <Count
            label={t('trip.overtime')}
            value={guide.overtime_hours ?? 0}
            onChange={(overtime_hours) => change({ ...guide, overtime_hours })}
          />
          <Amount view={view} of={`guide-${place}`} />
        </>
      )}
    </Rows>
  );
}

function Items({ view }: { view: QuotationView }) {
  const { t } = useT();
  const items = Object.entries(view.choices?.items ?? {});
  const used = new Set((view.programme?.items ?? []).map(({ code }) => code));
  const free = items.find(([code]) => !used.has(code));
  return (
    <Rows<ItemNeed> view={view} field="programme.items" title={t('trip.items')} fresh={free && { code: free[0], times: 1 }}>
      {(item, _place, change) => (
        <>
          <Pick
            label={t('trip.item')}
            value={item.code}
            choices={items.filter(([code]) => code === item.code || !used.has(code)).map(([code, { name }]) => [code, name] as const)}
            onChange={(code) => change({ ...item, code })}
          />
          <Count label={t('trip.times')} value={item.times ?? 1} least={1} onChange={(times) => change({ ...item, times })} />
          <Amount view={view} of={`item-${item.code}`} />
        </>
      )}
    </Rows>
  );
}

/** A list that is a term: every change of a row sends the list, and a colleague's change of it is a conflict. */
function Rows<T extends object>(props: {
  view: QuotationView;
  field: string;
  title: string;
  fresh: T | undefined;
  children: (row: T, place: number, change: (row: T) => void) => ReactNode;
}) {
  const { view, field, title, fresh, children } = props;
  const { t } = useT();
  const term = useTerm(view.id, field);
  const { allowed } = editable(view, field);
  const rows = (Array.isArray(term.values[field]) ? term.values[field] : []) as unknown as T[];
  const commit = (next: T[]): void => term.commit({ [field]: next as unknown as Json });
  return (
    <Field term={term} label={title} locked={!allowed}>
      <fieldset className={classes.rows} disabled={!allowed} onFocus={term.onFocus} onBlur={term.onBlur} data-testid={`field-${field}`}>
        {rows.map((row, index) => (
          <div key={index} className={classes.row}>
            {children(row, index + 1, (changed) => commit(rows.map((one, at) => (at === index ? changed : one))))}
            <CloseButton
              size="sm"
              aria-label={`${t('trip.remove')}: ${title} ${index + 1}`}
              onClick={() => commit(rows.filter((_, at) => at !== index))}
            />
          </div>
        ))}
        <Button
          size="compact-xs"
          variant="subtle"
          disabled={!fresh}
          aria-label={`${t('trip.add')}: ${title}`}
          onClick={() => fresh && commit([...rows, fresh])}
          data-testid={`add-${field}`}
        >
          + {t('trip.add')}
        </Button>
      </fieldset>
    </Field>
  );
}

/** What the lines of one row come to, or that the tariff has no price for it. */
function Amount({ view, of }: { view: QuotationView; of: string }) {
  const { t } = useT();
  const format = useFormat();
  if (view.running?.missing?.includes(of)) return <em className={classes.missing}>{t('trip.missing')}</em>;
  const mine = Object.entries(view.running?.lines ?? {}).filter(([id]) => id === of || id.startsWith(`${of}-`));
  const sum = mine.reduce((total, [, line]) => add(total, line.amount.amount), '0');
  const titles = mine.map(([, line]) => `${line.name ?? line.kind}: ${line.quantity} × ${format.amount(line.unit)}`);
  return (
    <b className="num" title={titles.join('\n')}>
      {mine.length ? format.amount({ amount: sum, currency: view.currency }) : '–'}
    </b>
  );
}

function Pick(props: {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, label: string])[];
  empty?: string;
  onChange: (value: string) => void;
}) {
  const { label, value, choices, empty, onChange } = props;
  const known = value === '' || choices.some(([choice]) => choice === value);
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {empty !== undefined && <option value="">{empty}</option>}
        {!known && <option value={value}>{value}</option>}
        {choices.map(([choice, name]) => (
          <option key={choice} value={choice}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Text({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <label>
      <span>{label}</span>
      <input
        maxLength={200}
        value={typed ?? value}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => {
          if (typed !== null) onChange(typed.trim());
          setTyped(null);
        }}
      />
    </label>
  );
}

function Count(props: { label: string; value: number; least?: number; onChange: (value: number) => void }) {
  const { label, value, least = 0, onChange } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const sound = typed === null || (/^\d{1,5}$/.test(typed) && Number(typed) >= least);
  return (
    <label data-narrow>
      <span>{label}</span>
      <input
        className="num"
        inputMode="numeric"
        aria-invalid={!sound}
        value={typed ?? String(value)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => {
          if (typed !== null && sound) onChange(Number(typed));
          setTyped(null);
        }}
      />
    </label>
  );
}
