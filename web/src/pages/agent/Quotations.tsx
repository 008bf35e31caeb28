/** All quotations of the agency (of everybody, for an operator); filters live in the address. */
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { addMessages, useT } from '@/i18n';
import { agent } from '@/i18n/messages/agent';
import { listRoom, useList, useMe } from '@/live/hooks';
import type { QuotationState, QuotationView } from '@/live/protocol';
import { Notice, PageError, Rows } from '@/ui/states';
import classes from './Quotations.module.css';
import { QuotationTable, type Sort } from './QuotationTable';

addMessages(agent);

const NewQuotation = lazy(() => import('./NewQuotation'));

const GROUPS: Record<string, readonly QuotationState[]> = {
  open: ['draft', 'published', 'reviewing', 'awarded'],
  booked: ['accepted', 'deposit_paid', 'confirmed'],
  over: ['completed', 'cancelled', 'expired'],
};
const POLL_MS = 20_000;

export default function Quotations() {
  const { t } = useT();
  const me = useMe();
  const { rows, status, reload } = useList<QuotationView>(listRoom(me), 'quotations', '/quotations');
  const { filters, setFilter } = useFilters();
  const [creating, setCreating] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const canCreate = me.role === 'agent';
  useHotkeys([
    ['/', () => search.current?.focus()],
    ['n', () => canCreate && setCreating(true)],
  ]);
  // An operator has no list room: what others do shows at the next look.
  useEffect(() => {
    if (me.role !== 'admin') return;
    const timer = setInterval(reload, POLL_MS);
    return () => clearInterval(timer);
  }, [me.role, reload]);

  const known = rows.filter((row) => row.id && row.title);
  const shown = known.filter((row) => matches(row, filters));
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <h1>{t('quotations.title')}</h1>
        <SegmentedControl
          size="xs"
          value={filters.group}
          onChange={(group) => setFilter('group', group)}
          aria-label={t('column.state')}
          data={(['all', 'open', 'booked', 'over'] as const).map((value) => ({ value, label: t(`quotations.${value}`) }))}
        />
        <TextInput
          ref={search}
          size="xs"
          className={classes.search}
          leftSection={<IconSearch size={14} />}
          rightSection={<kbd className={classes.key}>/</kbd>}
          placeholder={t('quotations.search')}
          aria-label={t('quotations.search')}
          data-testid="search"
          value={filters.q}
          onChange={(event) => setFilter('q', event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        {canCreate && (
          <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)} data-testid="new-quotation">
            {t('quotations.new')}
          </Button>
        )}
      </header>
      {status === 'loading' && known.length === 0 && <Rows count={8} height={52} />}
      {status === 'failed' && known.length === 0 && <PageError onRetry={reload} />}
      {status === 'ready' && known.length === 0 && (
        <Notice icon={<IconPlus size={26} />} title={t('quotations.none')} hint={t('quotations.none_hint')} />
      )}
      {known.length > 0 && shown.length === 0 && (
        <Notice icon={<IconSearch size={26} />} title={t('quotations.none_match')} hint={t('quotations.none_match_hint')}>
          <Button variant="default" onClick={() => (setFilter('q', ''), setFilter('group', 'all'))}>
            {t('quotations.clear')}
          </Button>
        </Notice>
      )}
      {shown.length > 0 && (
        <QuotationTable rows={shown} me={me} sort={filters.sort} onSort={(sort) => setFilter('sort', sort)} />
      )}
      <Suspense>{creating && <NewQuotation onClose={() => setCreating(false)} />}</Suspense>
    </div>
  );
}

interface Filters {
  q: string;
  group: string;
  sort: Sort;
}

const DEFAULTS: Filters = { q: '', group: 'all', sort: 'deadline' };

function useFilters(): { filters: Filters; setFilter: (name: keyof Filters, value: string) => void } {
  const query = useSearch();
  const [path, go] = useLocation();
  const params = new URLSearchParams(query);
  const filters = {
    q: params.get('q') ?? DEFAULTS.q,
    group: params.get('group') ?? DEFAULTS.group,
    sort: (params.get('sort') ?? DEFAULTS.sort) as Sort,
  };
  const setFilter = (name: keyof Filters, value: string): void => {
    const next = new URLSearchParams(window.location.search);
    if (value === DEFAULTS[name]) next.delete(name);
    else next.set(name, value);
    const text = next.toString();
    go(text ? `${path}?${text}` : path, { replace: true });
  };
  return { filters, setFilter };
}

function matches(row: QuotationView, { q, group }: Filters): boolean {
  const states = GROUPS[group];
  if (states && !(row.state && states.includes(row.state))) return false;
  const hay = [row.title, row.destination, row.client?.name].join(' ').toLocaleLowerCase();
  return q.toLocaleLowerCase().split(/\s+/).every((word) => hay.includes(word));
}
