/** Durable work on the operations page: how much waits and runs, how far it is, and what was given up. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { components } from '@/generated/api';
import { useT } from '@/i18n';
import { get, request } from '@/rest/client';
import { useRead } from '@/rest/useRead';
import { Ask } from '@/ui/Ask';
import { showRefusal } from '@/ui/refusals';
import { Ago } from '@/ui/Time';
import type { Ops } from './ops';
import { useFigures } from './ProcessCard';
import classes from './Ops.module.css';

type Letters = components['schemas']['DeadLetterList'];

export function Workflows({ ops, everyMs }: { ops: Ops; everyMs: number }) {
  const { t } = useT();
  const { data, reload } = useRead(() => get<Letters>('/ops/dead-letters'), null, everyMs);
  return (
    <>
      <h2 className="eyebrow">{t('ops.workflows')}</h2>
      <Queues ops={ops} />
      {data && data.items.length > 0 && (
        <>
          <h2 className="eyebrow">{t('ops.dead_letters')}</h2>
          <ul className={classes.processes} data-testid="dead-letters">
            {data.items.map((letter) => (
              <li key={letter.id} className="card" data-testid="dead-letter">
                <code>{letter.id}</code> <Ago at={letter.changed_at} />
                <p>
                  {letter.step} <b>{letter.code}</b> {letter.reason}
                </p>
                <Decide id={letter.id} verb="retry" onDone={reload} />{' '}
                <Decide id={letter.id} verb="drop" onDone={reload} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Queues({ ops }: { ops: Ops }) {
  const { t } = useT();
  const told = useFigures();
  const queues = Object.entries(ops.workflows.queues);
  if (!queues.length) return <p className="muted">{t('ops.no_workflows')}</p>;
  return (
    <div className={`card ${classes.table}`} tabIndex={0} role="region" aria-label={t('ops.workflows')} data-testid="ops-queues">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('ops.queue')}</th>
            <th scope="col">{t('ops.asleep')}</th>
            <th scope="col">{t('ops.running')}</th>
            <th scope="col">{t('ops.dead')}</th>
          </tr>
        </thead>
        <tbody>
          {queues.map(([name, { waiting, running, dead }]) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td className="num">{told.whole(waiting)}</td>
              <td className="num">{told.whole(running)}</td>
              <td className="num" data-bad={dead > 0 || undefined}>
                {told.whole(dead)}
              </td>
            </tr>
          ))}
          {ops.workflows.running.map(({ id, progress, since }) => (
            <tr key={id}>
              <th scope="row" colSpan={2}>
                <code>{id}</code>
              </th>
              <td colSpan={2}>
                {Object.entries(progress).map(([name, value]) => `${name} ${String(value)} `)}
                <Ago at={since} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Decide({ id, verb, onDone }: { id: string; verb: 'retry' | 'drop'; onDone: () => void }) {
  const { t } = useT();
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const decide = async (): Promise<void> => {
    setBusy(true);
    try {
      await request('POST', `/ops/workflows/${encodeURIComponent(id)}/${verb}`);
      onDone();
    } catch (error) {
      showRefusal(error);
    } finally {
      setBusy(false);
      setAsked(false);
    }
  };
  return (
    <>
      <Button size="xs" variant="default" loading={busy} onClick={() => (verb === 'drop' ? setAsked(true) : void decide())}>
        {t(`ops.${verb}`)}
      </Button>
      {asked && (
        <Ask title={t('ops.drop')} action={t('ops.drop')} danger busy={busy} onClose={() => setAsked(false)} onConfirm={() => void decide()}>
          <code>{id}</code>
        </Ask>
      )}
    </>
  );
}
