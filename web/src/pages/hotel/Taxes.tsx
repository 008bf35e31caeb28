/** Taxes that the rates include or that guests pay at the hotel, and the platform's commission. */
import { NativeSelect, TextInput } from '@mantine/core';
import { useT } from '@/i18n';
import type { Tax } from '@/live/protocol';
import classes from './OfferForm.module.css';
import type { TaxLine } from './offerForm';
import { AddButton, NumberText, RemoveButton, Section, withItem, withoutItem, type SectionProps } from './parts';

const PER: readonly Tax['per'][] = ['night', 'pax', 'stay'];

export function Taxes({ form, set, problems }: SectionProps) {
  const { t } = useT();
  const change = (index: number, tax: Partial<TaxLine>): void => set({ taxes: withItem(form.taxes, index, tax) });
  const add = (): void =>
    set({ taxes: [...form.taxes, { name: '', included: true, per: 'stay', unit: 'percent', value: '' }] });
  return (
    <Section title={t('offer.taxes')} aside={<AddButton label={t('offer.add_tax')} onClick={add} />}>
      {form.taxes.length === 0 && <p className={classes.none}>{t('offer.no_taxes')}</p>}
      {form.taxes.map((tax, index) => (
        <div key={index} className={classes.tax}>
          <TextInput
            size="xs"
            name={`taxes.${index}.name`}
            aria-label={t('offer.tax_name')}
            placeholder={t('offer.tax_name')}
            error={problems.some(({ field }) => field === `taxes.${index}.name`)}
            value={tax.name}
            onChange={(event) => change(index, { name: event.currentTarget.value })}
          />
          <NumberText
            bare
            field={`taxes.${index}.${tax.unit}`}
            label={t('offer.tax_value')}
            value={tax.value}
            onChange={(value) => change(index, { value })}
            problems={problems}
          />
          <NativeSelect
            size="xs"
            aria-label={t('offer.tax_unit')}
            value={tax.unit === 'percent' ? 'percent' : tax.per}
            onChange={({ currentTarget: { value } }) =>
              change(index, value === 'percent' ? { unit: 'percent', per: 'stay' } : { unit: 'amount', per: value as Tax['per'] })
            }
            data={[
              { value: 'percent', label: '%' },
              ...PER.map((per) => ({ value: per, label: t(`tax.${per}`) })),
            ]}
          />
          <NativeSelect
            size="xs"
            aria-label={t('offer.tax_included')}
            value={tax.included ? 'in' : 'out'}
            onChange={(event) => change(index, { included: event.currentTarget.value === 'in' })}
            data={[
              { value: 'in', label: t('tax.included') },
              { value: 'out', label: t('tax.local') },
            ]}
          />
          <RemoveButton what={tax.name || t('offer.taxes')} onClick={() => set({ taxes: withoutItem(form.taxes, index) })} />
        </div>
      ))}
    </Section>
  );
}
