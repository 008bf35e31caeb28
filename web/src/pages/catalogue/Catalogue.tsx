/** What admins keep: one table for each kind, edited in place. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconPlus, IconSearch, IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { addMessages, useT } from '@/i18n';
import { catalogue } from '@/i18n/messages/catalogue';
import { Ask } from '@/ui/Ask';
import { Notice, PageError, Rows } from '@/ui/states';
import { AllotmentMonth } from './AllotmentMonth';
import { Calendar } from './Calendar';
import classes from './Catalogue.module.css';
import { Draft } from './Draft';
import { Grid } from './Grid';
import { KINDS, type Item, type Kind } from './kinds';
import { Parts } from './Parts';
import { useItems } from './useItems';

addMessages(catalogue);

export default function Catalogue() {
  const { t } = useT();
  const [path, go] = useLocation();
  const show = new URLSearchParams(useSearch()).get('show');
  const kind = KINDS.find(({ name }) => name === show) ?? KINDS[0]!;
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1>{t('nav.catalogue')}</h1>
        <SegmentedControl
          size="xs"
          value={kind.name}
          onChange={(name) => go(`${path}?show=${name}`, { replace: true })}
          data={KINDS.map(({ name, label }) => ({ value: name, label: t(label) }))}
          aria-label={t('catalogue.show')}
        />
      </header>
      <Shelf key={kind.name} kind={kind} />
    </div>
  );
}

function Shelf({ kind }: { kind: Kind }) {
  const { t, language } = useT();
  const items = useItems(kind);
  const [query, setQuery] = useState('');
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Item | null>(null);
  if (!items.data) return items.failed ? <PageError onRetry={items.reload} /> : <Rows count={9} height={40} />;
  const has = (item: Item): boolean => {
    const shown = kind.columns.map(({ key, codec }) => codec?.write(item[key], language) ?? '').join(' ');
    return query.toLocaleLowerCase().split(/\s+/).every((word) => shown.toLocaleLowerCase().includes(word));
  };
  const rows = items.data.filter(has);
  const below = kind.parts.length || kind.months ? (item: Item) => <Below kind={kind} item={item} save={items.save} busy={items.busy} /> : undefined;
  return (
    <section>
      <div className={classes.tools}>
        <TextInput
          size="xs"
          leftSection={<IconSearch size={14} />}
          placeholder={t('catalogue.search')}
          aria-label={t('catalogue.search')}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)} data-testid="add-item">
          {t('action.add')}
        </Button>
      </div>
      {adding && <Draft kind={kind} busy={items.busy} onClose={() => setAdding(false)} onAdd={items.add} />}
      {rows.length === 0 ? (
        <Notice icon={<IconTable size={26} />} title={t('catalogue.none')} hint={t(query ? 'catalogue.none_found' : 'catalogue.none_hint')} />
      ) : (
        <div className={`card ${classes.scroll}`} tabIndex={0} role="region" aria-label={t(kind.label)}>
          <Grid
            label={t(kind.label)}
            columns={kind.columns}
            rows={rows}
            busy={items.busy}
            keyOf={(row) => String(row.id)}
            onChange={(row, _, after) => void items.save(row, after)}
            onRemove={kind.drops ? (row) => setLeaving(row) : undefined}
            below={below}
          />
        </div>
      )}
      {leaving && (
        <Ask
          title={t('catalogue.remove')}
          action={t('action.remove')}
          danger
          busy={items.busy}
          onClose={() => setLeaving(null)}
          onConfirm={() => void items.remove(leaving).then(() => setLeaving(null))}
        >
          <p>{String(leaving.name ?? leaving.id)}</p>
        </Ask>
      )}
    </section>
  );
}

function Below(props: { kind: Kind; item: Item; busy: boolean; save: (before: Item, after: Item) => Promise<boolean> }) {
  const { kind, item } = props;
  if (kind.months === 'allotment') return <AllotmentMonth hotelId={String(item.id)} />;
  if (kind.months === 'calendar') return <Calendar path={`/catalogue/${kind.name}/${String(item.id)}/calendar`} />;
  return <Parts kind={kind} item={item} busy={props.busy} onChange={(after) => void props.save(item, after)} />;
}
