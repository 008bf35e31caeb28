/** What the price has in it, what it has not, and what can be had besides; and words. */
import { TagsInput, Textarea, TextInput } from '@mantine/core';
import { useT } from '@/i18n';
import classes from './OfferForm.module.css';
import { AddButton, NumberText, RemoveButton, Section, withItem, withoutItem, type SectionProps } from './parts';

export function Services({ form, set, problems, currency }: SectionProps) {
  const { t } = useT();
  const add = (): void => set({ optional: [...form.optional, { name: '', price: '' }] });
  return (
    <Section title={t('offer.services')} aside={<AddButton label={t('offer.add_optional')} onClick={add} />}>
      <TagsInput
        size="xs"
        label={t('offer.included')}
        placeholder={form.included.length ? undefined : t('offer.tags_hint')}
        maxTags={50}
        value={form.included}
        onChange={(included) => set({ included })}
        acceptValueOnBlur
      />
      <TagsInput
        size="xs"
        label={t('offer.excluded')}
        placeholder={form.excluded.length ? undefined : t('offer.tags_hint')}
        maxTags={50}
        value={form.excluded}
        onChange={(excluded) => set({ excluded })}
        acceptValueOnBlur
      />
      {form.optional.map((service, index) => {
        const change = (part: Partial<typeof service>): void => set({ optional: withItem(form.optional, index, part) });
        return (
          <div key={index} className={classes.optional}>
            <TextInput
              size="xs"
              aria-label={t('offer.optional')}
              placeholder={t('offer.optional')}
              error={problems.some(({ field }) => field === `optional_services.${index}.name`)}
              value={service.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
            <NumberText
              bare
              field={`optional_services.${index}.price`}
              label={t('offer.optional_price')}
              value={service.price}
              onChange={(price) => change({ price })}
              problems={problems}
              unit={currency}
            />
            <RemoveButton
              what={service.name || t('offer.optional')}
              onClick={() => set({ optional: withoutItem(form.optional, index) })}
            />
          </div>
        );
      })}
    </Section>
  );
}

export function Notes({ form, set }: SectionProps) {
  const { t } = useT();
  return (
    <Section title={t('offer.words')}>
      <Textarea
        size="xs"
        label={t('offer.notes')}
        minRows={2}
        maxRows={8}
        maxLength={10_000}
        data-testid="offer-notes"
        value={form.notes}
        onChange={(event) => set({ notes: event.currentTarget.value })}
      />
      <Textarea
        size="xs"
        label={t('offer.internal_notes')}
        description={t('offer.internal_hint')}
        minRows={2}
        maxRows={8}
        maxLength={10_000}
        data-testid="offer-internal_notes"
        value={form.internalNotes}
        onChange={(event) => set({ internalNotes: event.currentTarget.value })}
      />
    </Section>
  );
}
