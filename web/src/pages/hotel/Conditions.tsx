/** Until when, how many, and what it costs to change one's mind. */
import '@mantine/dates/styles.layer.css';
import 'dayjs/locale/es';
import 'dayjs/locale/pt';
import { NativeSelect, Switch } from '@mantine/core';
import { DateInput } from '@mantine/dates';
import { useT } from '@/i18n';
import type { MealPlan, QuotationView } from '@/live/protocol';
import { Cancellation } from '@/ui/Cancellation';
import { Moment } from '@/ui/fields/DateTerms';
import classes from './OfferForm.module.css';
import { AddButton, NumberText, RemoveButton, Section, withItem, withoutItem, type SectionProps } from './parts';

type Props = SectionProps & { view: QuotationView };
const BOARDS: readonly MealPlan[] = ['RO', 'BB', 'HB', 'FB', 'AI'];

export function Conditions({ form, set, problems }: Props) {
  const { t } = useT();
  return (
    <Section title={t('offer.conditions')}>
      <div className={classes.two}>
        <NativeSelect
          size="xs"
          label={t('offer.board')}
          value={form.board}
          onChange={(event) => set({ board: event.currentTarget.value as MealPlan })}
          data={BOARDS.map((value) => ({ value, label: t(`meal.${value}`) }))}
        />
        <NumberText
          field="commission_percent"
          label={t('offer.commission')}
          value={form.commission}
          onChange={(commission) => set({ commission })}
          problems={problems}
          unit="%"
        />
        <Moment size="xs" label={t('offer.option_until')} value={form.optionUntil} onChange={(optionUntil) => set({ optionUntil })} />
        <Moment size="xs" label={t('offer.valid_until')} value={form.validUntil} onChange={(validUntil) => set({ validUntil })} />
        <Day label={t('offer.release_date')} value={form.releaseDate} onChange={(releaseDate) => set({ releaseDate })} />
        <NumberText
          whole
          field="allotment"
          label={t('offer.allotment')}
          value={form.allotment}
          onChange={(allotment) => set({ allotment })}
          problems={problems}
        />
        <NumberText
          field="attrition_percent"
          label={t('offer.attrition')}
          value={form.attrition}
          onChange={(attrition) => set({ attrition })}
          problems={problems}
          unit="%"
        />
        <Switch
          className={classes.switch}
          label={t('offer.guaranteed')}
          checked={form.guaranteed}
          onChange={(event) => set({ guaranteed: event.currentTarget.checked })}
        />
      </div>
    </Section>
  );
}

export function CancellationTerms({ form, set, problems, view }: Props) {
  const { t } = useT();
  const add = (): void => set({ cancellation: [...form.cancellation, { days: '', percent: '' }] });
  const stages = form.cancellation
    .filter(({ days, percent }) => /^\d+$/.test(days) && /^\d+([.,]\d+)?$/.test(percent))
    .map(({ days, percent }) => ({ days_before: Number(days), penalty_percent: percent.replace(',', '.') }));
  return (
    <Section title={t('cancellation.title')} aside={<AddButton label={t('offer.add_stage')} onClick={add} />}>
      {form.cancellation.length === 0 && <p className={classes.none}>{t('offer.no_cancellation')}</p>}
      {form.cancellation.map((stage, index) => {
        const change = (part: Partial<typeof stage>): void => set({ cancellation: withItem(form.cancellation, index, part) });
        return (
          <div key={index} className={classes.stage}>
            <span>{t('offer.within')}</span>
            <NumberText
              bare
              whole
              field={`cancellation.${index}.days_before`}
              label={t('offer.days_before')}
              value={stage.days}
              onChange={(days) => change({ days })}
              problems={problems}
            />
            <span>{t('offer.days_cost')}</span>
            <NumberText
              bare
              field={`cancellation.${index}.penalty_percent`}
              label={t('offer.penalty')}
              value={stage.percent}
              onChange={(percent) => change({ percent })}
              problems={problems}
              unit="%"
            />
            <RemoveButton what={t('cancellation.title')} onClick={() => set({ cancellation: withoutItem(form.cancellation, index) })} />
          </div>
        );
      })}
      <Cancellation stages={stages} checkIn={view.check_in} />
    </Section>
  );
}

export function Deposits({ form, set, problems }: Props) {
  const { t } = useT();
  const add = (): void => set({ deposits: [...form.deposits, { percent: '', due: null }] });
  return (
    <Section title={t('offer.deposits')} aside={<AddButton label={t('offer.add_deposit')} onClick={add} />}>
      {form.deposits.length === 0 && <p className={classes.none}>{t('offer.no_deposits')}</p>}
      {form.deposits.map((deposit, index) => {
        const change = (part: Partial<typeof deposit>): void => set({ deposits: withItem(form.deposits, index, part) });
        return (
          <div key={index} className={classes.deposit}>
            <NumberText
              bare
              field={`deposits.${index}.percent`}
              label={t('offer.share')}
              value={deposit.percent}
              onChange={(percent) => change({ percent })}
              problems={problems}
              unit="%"
            />
            <span>{t('offer.due')}</span>
            <Day
              bare
              label={t('offer.due_day')}
              value={deposit.due}
              onChange={(due) => change({ due })}
              wrong={problems.some(({ field }) => field === `deposits.${index}.due`)}
            />
            <RemoveButton what={t('offer.deposits')} onClick={() => set({ deposits: withoutItem(form.deposits, index) })} />
          </div>
        );
      })}
    </Section>
  );
}

function Day(props: { label: string; value: string | null; onChange: (day: string | null) => void; bare?: boolean; wrong?: boolean }) {
  const { language } = useT();
  return (
    <DateInput
      size="xs"
      label={props.bare ? undefined : props.label}
      aria-label={props.label}
      locale={language}
      valueFormat="D MMM YYYY"
      clearable
      error={props.wrong}
      value={props.value}
      onChange={props.onChange}
    />
  );
}
