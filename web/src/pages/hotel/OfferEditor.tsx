/** The offer form, made to fit one screen: rates first, the rest in small groups. */
import { Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useT, type Key } from '@/i18n';
import type { MealPlan, QuotationView } from '@/live/protocol';
import { Moment } from '@/ui/fields/DateTerms';
import { Lines, NativePick } from './Lines';
import classes from './OfferEditor.module.css';
import type { OfferForm } from './offerForm';
import { RoomRates } from './RoomRates';
import type { OfferEditing } from './useOfferForm';

const MEALS: MealPlan[] = ['RO', 'BB', 'HB', 'FB', 'AI'];
type TextField = {
  [K in keyof OfferForm]: OfferForm[K] extends string ? K : never;
}[keyof OfferForm];

export function OfferEditor({ view, editor }: { view: QuotationView; editor: OfferEditing }) {
  const { t } = useT();
  const { form, set, open } = editor;
  const text = (field: Exclude<TextField, 'board'>, numeric = true): React.ReactNode => (
    <TextInput
      size="xs"
      label={t(`offer.${field}` as Key)}
      value={form[field]}
      inputMode={numeric ? 'decimal' : undefined}
      error={editor.problems.some((problem) => problem.field === field)}
      onChange={(event) => set({ [field]: event.currentTarget.value })}
      data-testid={`offer-${field}`}
    />
  );
  return (
    <fieldset disabled={!open} className={classes.form} data-testid="offer-form">
      <RoomRates view={view} editor={editor} />
      <div className={classes.columns}>
        <section>
          <h3>{t('offer.extras')}</h3>
          <div className={classes.fields}>
            <NativePick
              label={t('offer.board')}
              value={form.board}
              onChange={(board) => set({ board: board as MealPlan })}
              choices={MEALS.map((value) => ({ value, label: `${value} · ${t(`meal.${value}`)}` }))}
              testid="offer-board"
            />
            {text('commission_percent')}
            {text('single_supplement')}
            {text('triple_reduction')}
            {text('extra_bed')}
          </div>
          <Lines
            title={t('offer.child_bands')}
            lines={form.child_bands}
            onChange={(child_bands) => set({ child_bands })}
            fresh={{ up_to: '', percent: '' }}
            columns={[
              { field: 'up_to', label: t('offer.child_up_to'), numeric: true },
              { field: 'percent', label: t('offer.child_percent'), numeric: true },
            ]}
          />
          <Foc editor={editor} />
          <Lines
            title={t('offer.taxes')}
            lines={form.taxes}
            onChange={(taxes) => set({ taxes })}
            fresh={{ name: '', value: '', per: 'stay', included: true } as const}
            columns={[
              { field: 'name', label: t('offer.tax_name') },
              { field: 'value', label: t('offer.tax_value'), numeric: true },
              {
                field: 'per',
                label: t('offer.per'),
                choices: (['pax', 'night', 'stay'] as const).map((value) => ({ value, label: t(`offer.tax.${value}`) })),
              },
              { field: 'included', label: t('offer.tax_included'), toggle: true },
            ]}
          />
        </section>
        <section>
          <h3>{t('offer.conditions')}</h3>
          <div className={classes.fields}>
            <Moment
              label={t('offer.option_until')}
              value={form.option_until}
              onChange={(option_until) => set({ option_until })}
              disabled={!open}
              size="xs"
            />
            <TextInput
              size="xs"
              type="date"
              label={t('offer.release_date')}
              value={form.release_date}
              onChange={(event) => set({ release_date: event.currentTarget.value })}
            />
            {text('allotment')}
            {text('attrition_percent')}
          </div>
          <Switch
            label={t('offer.guaranteed')}
            checked={form.guaranteed}
            onChange={(event) => set({ guaranteed: event.currentTarget.checked })}
            data-testid="offer-guaranteed"
          />
          <Lines
            title={t('offer.cancellation')}
            lines={form.cancellation}
            onChange={(cancellation) => set({ cancellation })}
            fresh={{ days_before: '', penalty_percent: '' }}
            columns={[
              { field: 'days_before', label: t('offer.days_before'), numeric: true },
              { field: 'penalty_percent', label: t('offer.penalty'), numeric: true, short: true },
            ]}
          />
          <Lines
            title={t('offer.deposits')}
            lines={form.deposits}
            onChange={(deposits) => set({ deposits })}
            fresh={{ percent: '', due: '' }}
            columns={[
              { field: 'percent', label: t('offer.percent'), numeric: true, short: true },
              { field: 'due', label: t('offer.due'), date: true },
            ]}
          />
        </section>
        <section>
          <h3>{t('offer.services')}</h3>
          <Services editor={editor} />
          <Lines
            title={t('offer.optional_services')}
            lines={form.optional_services}
            onChange={(optional_services) => set({ optional_services })}
            fresh={{ name: '', price: '' }}
            columns={[
              { field: 'name', label: t('offer.service') },
              { field: 'price', label: t('offer.price'), numeric: true, short: true },
            ]}
          />
        </section>
      </div>
      <Notes editor={editor} />
    </fieldset>
  );
}

function Foc({ editor }: { editor: OfferEditing }) {
  const { t } = useT();
  const { foc } = editor.form;
  const wrong = editor.problems.some((problem) => problem.field === 'foc');
  const count = (field: 'free' | 'per' | 'cap'): React.ReactNode => (
    <TextInput
      size="xs"
      label={t(`offer.foc_${field}`)}
      value={foc[field]}
      inputMode="numeric"
      error={wrong}
      onChange={(event) => editor.set({ foc: { ...foc, [field]: event.currentTarget.value } })}
      data-testid={`offer-foc_${field}`}
    />
  );
  return (
    <div role="group" aria-label={t('offer.foc')}>
      <h4>{t('offer.foc')}</h4>
      <div className={classes.foc}>
        {count('free')}
        {count('per')}
        <NativePick
          label={t('offer.foc_unit')}
          value={foc.unit}
          onChange={(unit) => editor.set({ foc: { ...foc, unit: unit as typeof foc.unit } })}
          choices={(['half_twin', 'single'] as const).map((value) => ({ value, label: t(`offer.foc.${value}`) }))}
        />
        {count('cap')}
      </div>
    </div>
  );
}

/** One row each until more is written, so that the form fits one screen. */
function Notes({ editor }: { editor: OfferEditing }) {
  const { t } = useT();
  return (
    <div className={classes.notes}>
      {(['notes', 'internal_notes'] as const).map((field) => (
        <Textarea
          key={field}
          size="xs"
          minRows={1}
          maxRows={8}
          label={t(`offer.${field}`)}
          value={editor.form[field]}
          onChange={(event) => editor.set({ [field]: event.currentTarget.value })}
          data-testid={`offer-${field}`}
        />
      ))}
    </div>
  );
}

function Services({ editor }: { editor: OfferEditing }) {
  const { t } = useT();
  return (['included_services', 'excluded_services'] as const).map((field) => (
    <TagsInput
      key={field}
      size="xs"
      label={t(`offer.${field}`)}
      placeholder={editor.form[field].length ? undefined : t('offer.services_hint')}
      value={editor.form[field]}
      onChange={(value) => editor.set({ [field]: value })}
      disabled={!editor.open}
      data-testid={`offer-${field}`}
    />
  ));
}
