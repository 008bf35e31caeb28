/** The lists inside an item: a tariff's rates, a template's days. */
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useT } from '@/i18n';
import classes from './Catalogue.module.css';
import { Grid } from './Grid';
import type { Item, Kind } from './kinds';

export function Parts(props: { kind: Kind; item: Item; busy: boolean; onChange: (after: Item) => void }) {
  const { t } = useT();
  const { item, busy } = props;
  return (
    <div className={classes.parts}>
      {props.kind.parts.map((part) => {
        const rows = (item[part.key] as Item[] | undefined) ?? [];
        const change = (next: Item[]): void => props.onChange({ ...item, [part.key]: next });
        return (
          <section key={part.key}>
            <h3 className="eyebrow">{t(part.label)}</h3>
            {rows.length > 0 && (
              <Grid
                label={t(part.label)}
                columns={part.columns}
                rows={rows}
                busy={busy}
                keyOf={(_, index) => String(index)}
                onChange={(_, index, after) => change(rows.map((row, at) => (at === index ? after : row)))}
                onRemove={(_, index) => change(rows.filter((_row, at) => at !== index))}
              />
            )}
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<IconPlus size={13} />}
              disabled={busy}
              onClick={() => change([...rows, part.blank])}
              aria-label={`${t('action.add')}: ${t(part.label)}`}
            >
              {t('action.add')}
            </Button>
          </section>
        );
      })}
    </div>
  );
}
