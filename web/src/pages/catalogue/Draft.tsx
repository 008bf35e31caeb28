/** A new item: all its cells at once, kept together. */
import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useT } from '@/i18n';
import { Ask } from '@/ui/Ask';
import classes from './Catalogue.module.css';
import type { Column, Item, Kind } from './kinds';

export function Draft(props: { kind: Kind; busy: boolean; onClose: () => void; onAdd: (item: Item) => Promise<boolean> }) {
  const { t, language } = useT();
  const { kind } = props;
  const [flags, setFlags] = useState<Item>(() => Object.fromEntries(flagsOf(kind).map(({ key }) => [key, kind.blank[key]])));
  const [typed, setTyped] = useState<Record<string, string>>(() =>
    Object.fromEntries(textsOf(kind).map(({ key, codec }) => [key, codec!.write(kind.blank[key], language)])),
  );
  const read = Object.fromEntries(textsOf(kind).map(({ key, codec }) => [key, codec!.read(typed[key]!, language)]));
  const wrong = textsOf(kind).filter(({ key }) => read[key] === undefined);
  const add = async (): Promise<void> => {
    if (await props.onAdd({ ...kind.blank, ...read, ...flags })) props.onClose();
  };
  return (
    <Ask
      title={`${t('action.add')}: ${t(kind.label)}`}
      action={t('action.add')}
      busy={props.busy}
      ready={wrong.length === 0}
      onClose={props.onClose}
      onConfirm={() => void add()}
      size="lg"
    >
      <div className={classes.draft}>
        {textsOf(kind).map(({ key, label, codec }, index) => (
          <TextInput
            key={key}
            size="xs"
            label={t(label)}
            data-autofocus={index === 0 || undefined}
            value={typed[key]}
            inputMode={codec!.numeric ? 'decimal' : undefined}
            error={typed[key] !== '' && read[key] === undefined && t('catalogue.wrong')}
            onChange={(event) => setTyped({ ...typed, [key]: event.currentTarget.value })}
            data-testid={`new-${key}`}
          />
        ))}
        {flagsOf(kind).map(({ key, label }) => (
          <Checkbox
            key={key}
            size="xs"
            label={t(label)}
            checked={Boolean(flags[key])}
            onChange={(event) => setFlags({ ...flags, [key]: event.currentTarget.checked })}
          />
        ))}
      </div>
    </Ask>
  );
}

const textsOf = (kind: Kind): Column[] => kind.columns.filter(({ codec }) => codec);
const flagsOf = (kind: Kind): Column[] => kind.columns.filter(({ codec }) => !codec);
