/** A new quotation: only its title is needed; the rest is filled in on its page, together. */
import { Button, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { quotationPath } from '@/app/pages';
import { useT } from '@/i18n';
import { command } from '@/live/edits';
import { useMe } from '@/live/hooks';
import type { Payload } from '@/live/protocol';
import { showRefusal } from '@/ui/refusals';
import { CURRENCIES } from './currencies';
import classes from './dialogs.module.css';

const EMPTY = { title: '', destination: '', check_in: '', check_out: '', adults: '', currency: 'USD' };

export default function NewQuotation({ onClose }: { onClose: () => void }) {
  const { t } = useT();
  const me = useMe();
  const [, go] = useLocation();
  const [busy, setBusy] = useState(false);
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      title: (value) => (value.trim() ? null : t('field.required')),
      adults: (value) => (/^\d{0,4}$/.test(value.trim()) ? null : t('field.bad_number')),
    },
  });

  const submit = async (values: typeof EMPTY): Promise<void> => {
    setBusy(true);
    try {
      const { quotation } = await command('quotation.create', termsOf(values));
      onClose();
      go(quotationPath(me.role, quotation.id));
    } catch (error) {
      showRefusal(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal opened closeButtonProps={{ 'aria-label': t('action.close') }} onClose={onClose} title={t('create.title')} size="md">
      <form onSubmit={form.onSubmit((values) => void submit(values))} className={classes.form}>
        <TextInput label={t('term.title')} data-autofocus data-testid="new-title" {...form.getInputProps('title')} />
        <TextInput label={t('term.destination')} data-testid="new-destination" {...form.getInputProps('destination')} />
        <div className={classes.two}>
          <TextInput type="date" label={t('term.check_in')} data-testid="new-check_in" {...form.getInputProps('check_in')} />
          <TextInput
            type="date"
            label={t('term.check_out')}
            data-testid="new-check_out"
            min={form.values.check_in || undefined}
            {...form.getInputProps('check_out')}
          />
        </div>
        <div className={classes.two}>
          <TextInput label={t('term.adults')} inputMode="numeric" data-testid="new-adults" {...form.getInputProps('adults')} />
          <NativeSelect label={t('term.currency')} data={CURRENCIES} {...form.getInputProps('currency')} />
        </div>
        <footer>
          <span className="muted">{t('create.hint')}</span>
          <Button type="submit" loading={busy} data-testid="create">
            {t('create.submit')}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}

function termsOf(values: typeof EMPTY): Payload<'quotation.create'> {
  const { title, adults, ...rest } = values;
  const given = Object.entries(rest).filter(([, value]) => value.trim() !== '');
  return {
    title: title.trim(),
    ...Object.fromEntries(given),
    ...(adults.trim() ? { adults: Number(adults) } : {}),
  };
}
