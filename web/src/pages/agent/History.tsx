/** A scrubber over the versions of the terms: what changed, by whom, compared with another, and restored. */
import { Button, SegmentedControl, Slider } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import { useTermWords } from '@/lib/terms';
import type { QuotationView, VersionItem } from '@/live/protocol';
import { Ask, useCommand } from '@/ui/Ask';
import { Face } from '@/ui/People';
import { showDone } from '@/ui/refusals';
import { Notice, PageError, Rows } from '@/ui/states';
import { At } from '@/ui/Time';
import classes from './History.module.css';
import { between, useVersions, type Change } from './versions';

type Against = 'previous' | 'current';

export function History({ view }: { view: QuotationView }) {
  const { t } = useT();
  const { items, failed, reload } = useVersions(view.id, view.version);
  if (failed && !items) return <PageError onRetry={reload} />;
  if (!items) return <Rows count={4} />;
  if (!items.length) return <Notice icon={<IconHistory size={24} />} title={t('tab.history')} hint={t('history.same')} />;
  return <Scrubber view={view} items={items} />;
}

function Scrubber({ view, items }: { view: QuotationView; items: VersionItem[] }) {
  const { t } = useT();
  const newest = items.at(-1)!.version;
  const oldest = items[0]!.version;
  const [picked, setPicked] = useState<number | null>(null);
  const [against, setAgainst] = useState<Against>('previous');
  const [restoring, setRestoring] = useState(false);
  const version = Math.min(picked ?? newest, newest);
  const item = items.find((one) => one.version === version) ?? items.at(-1)!;
  const by = item.by ?? { id: 'system', name: t('people.system') };
  const changes = against === 'previous' ? between(items, version - 1, version) : between(items, newest, version);
  const over = view.state === 'cancelled' || view.state === 'expired' || view.state === 'completed';
  return (
    <section className={classes.history} data-testid="history">
      <Slider
        thumbLabel={t('history.slider')}
        min={oldest}
        max={newest}
        value={version}
        onChange={setPicked}
        disabled={oldest === newest}
        label={(value) => t('history.version', { version: value })}
        marks={items.length <= 24 ? items.map((one) => ({ value: one.version })) : undefined}
        data-testid="history-slider"
      />
      <header className={classes.head}>
        <Face member={by} size={30} />
        <div>
          <b>
            {t('history.version', { version })}
            {version === newest && ` · ${t('history.current')}`}
          </b>
          <span className="muted">
            {by.name} · <At at={item.at} />
          </span>
        </div>
        <SegmentedControl
          size="xs"
          aria-label={t('history.compare')}
          value={against}
          onChange={(value) => setAgainst(value as Against)}
          data={[
            { value: 'previous', label: t('history.previous') },
            { value: 'current', label: t('history.with_current') },
          ]}
        />
        {version !== newest && !over && (
          <Button variant="light" leftSection={<IconHistory size={14} />} onClick={() => setRestoring(true)} data-testid="restore">
            {t('history.restore', { version })}
          </Button>
        )}
      </header>
      {version === oldest && against === 'previous' && <p className="muted">{t('history.created')}</p>}
      {!(version === oldest && against === 'previous') && <Diff changes={changes} />}
      {restoring && <Restore view={view} version={version} onClose={() => setRestoring(false)} />}
    </section>
  );
}

function Diff({ changes }: { changes: Change[] }) {
  const { t } = useT();
  const words = useTermWords();
  if (!changes.length) return <p className="muted">{t('history.same')}</p>;
  return (
    <div className={classes.scroll}>
      <table className={classes.diff} data-testid="diff">
        <thead>
          <tr>
            <th scope="col">{t('history.field')}</th>
            <th scope="col">{t('history.before')}</th>
            <th scope="col">{t('history.after')}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ field, old, new: next }) => (
            <tr key={field}>
              <th scope="row">{words.name(field)}</th>
              <td>
                <del>{words.value(field, old)}</del>
              </td>
              <td>
                <ins>{words.value(field, next)}</ins>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Restore({ view, version, onClose }: { view: QuotationView; version: number; onClose: () => void }) {
  const { t } = useT();
  const { busy, run } = useCommand(() => {
    showDone(t('history.restored', { version }));
    onClose();
  });
  const title = t('history.restore', { version });
  return (
    <Ask
      title={title}
      action={title}
      busy={busy}
      onClose={onClose}
      onConfirm={() => void run('quotation.restore', { quotation_id: view.id, version })}
    >
      <p>{t('history.restore_hint')}</p>
    </Ask>
  );
}
