/** One quotation, worked on by several people at once: terms, offers side by side, what happens. */
import { SegmentedControl } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { addMessages, useT } from '@/i18n';
import { agent } from '@/i18n/messages/agent';
import { useMe, useQuotationView, useRoom } from '@/live/hooks';
import type { QuotationView } from '@/live/protocol';
import { quotationRoom } from '@/live/state';
import { Documents } from '@/ui/Documents';
import { PageForbidden, PageLoading, Rows } from '@/ui/states';
import { Activity } from './Activity';
import { Booking } from './Booking';
import { Header } from './Header';
import { History } from './History';
import { OffersGrid } from './OffersGrid';
import { PriceBuilder } from './PriceBuilder';
import classes from './Quotation.module.css';
import { Terms } from './Terms';
import { useAnnouncements } from './useAnnouncements';

addMessages(agent);

const Chain = lazy(() => import('@/pages/admin/Chain'));
const Programme = lazy(() => import('./Programme'));
const QuotationAudit = lazy(() => import('@/pages/admin/QuotationAudit'));

type Tab = 'offers' | 'trip' | 'price' | 'history' | 'chain' | 'audit';
const TABS: readonly Tab[] = ['offers', 'trip', 'price', 'history'];
const OPERATORS: readonly Tab[] = [...TABS, 'chain', 'audit'];
type Pane = 'terms' | 'work' | 'activity';

export default function Quotation({ params }: { params: { id: string } }) {
  const { id } = params;
  const room = useRoom(quotationRoom(id));
  const view = useQuotationView(id);
  if (room.status === 'closed') return <PageForbidden />;
  if (!view) return <Skeletons />;
  return <Loaded key={id} view={view} />;
}

/** Why the client rejected the proposal, or why it was cancelled. */
function Said({ view }: { view: QuotationView }) {
  const { t } = useT();
  if (view.cancel_reason) return <p className={classes.said}>{t('cancel.note', { reason: view.cancel_reason })}</p>;
  if (!view.reject_reason || view.state !== 'reviewing') return null;
  return <p className={classes.said}>{t('reject.note', { reason: view.reject_reason })}</p>;
}

function Skeletons() {
  return (
    <div className={classes.skeletons}>
      <Rows count={1} height={64} />
      <Rows count={7} height={48} />
    </div>
  );
}

function Loaded({ view }: { view: QuotationView }) {
  const { t } = useT();
  const tabs = useMe().role === 'admin' ? OPERATORS : TABS;
  const [tab, setTab] = useState<Tab>('offers');
  const [pane, setPane] = useState<Pane>('work');
  useAnnouncements(view);
  return (
    <div className={classes.page} data-pane={pane} data-testid="quotation" data-id={view.id}>
      <Header view={view} />
      <SegmentedControl
        className={classes.panes}
        fullWidth
        size="xs"
        value={pane}
        onChange={(value) => setPane(value as Pane)}
        data={[
          { value: 'terms', label: t('tab.terms') },
          { value: 'work', label: t('tab.offers') },
          { value: 'activity', label: t('tab.activity') },
        ]}
      />
      <aside className={classes.terms} aria-label={t('tab.terms')}>
        <Terms view={view} />
      </aside>
      <section className={classes.work}>
        <Said view={view} />
        {view.booking && <Booking booking={view.booking} />}
        <Documents view={view} />
        <div className={classes.tabs} role="tablist">
          {tabs.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={tab === name}
              aria-controls="tab-panel"
              onClick={() => setTab(name)}
              data-testid={`tab-${name}`}
            >
              {t(`tab.${name}`)}
              {name === 'offers' && <span className="num">{Object.keys(view.offers ?? {}).length}</span>}
            </button>
          ))}
        </div>
        <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} className={classes.panel}>
          {tab === 'offers' && <OffersGrid view={view} />}
          {tab === 'price' && <PriceBuilder view={view} />}
          {tab === 'history' && <History view={view} />}
          <Suspense fallback={<PageLoading />}>
            {tab === 'trip' && <Programme view={view} />}
            {tab === 'chain' && <Chain view={view} />}
            {tab === 'audit' && <QuotationAudit id={view.id!} />}
          </Suspense>
        </div>
      </section>
      <aside className={classes.activity} aria-label={t('tab.activity')}>
        <Activity view={view} />
      </aside>
    </div>
  );
}
