/** The operations page: every process that runs this, live, and whether it serves. */
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { addMessages, useT } from '@/i18n';
import { admin } from '@/i18n/messages/admin';
import { span, useFormat } from '@/lib/format';
import { useConnection } from '@/live/hooks';
import { get } from '@/rest/client';
import { useRead } from '@/rest/useRead';
import { PageError, Rows } from '@/ui/states';
import { aliveOf, commandsOf, follow, laggingOf, refusalsOf, ROLES, totalsOf, type Ops, type Seen } from './ops';
import { Figure, ProcessCard, useFigures } from './ProcessCard';
import { Workflows } from './Workflows';
import classes from './Ops.module.css';

addMessages(admin);

const EVERY_MS = 2_000;

export default function Operations() {
  const { t } = useT();
  const { data, failed, reload } = useRead(() => get<Ops>('/ops'), null, EVERY_MS);
  const [seen, setSeen] = useState<Seen | null>(null);
  useEffect(() => {
    if (data) setSeen((before) => follow(before, data));
  }, [data]);
  return (
    <div className={classes.page}>
      <h1>{t('nav.ops')}</h1>
      <Parts ops={failed ? null : data} asked={data !== null || failed} />
      {!seen && (failed ? <PageError onRetry={reload} /> : <Rows count={6} height={96} />)}
      {seen && (
        <>
          <Totals seen={seen} />
          <h2 className="eyebrow">{t('ops.processes')}</h2>
          <ul className={classes.processes}>
            {seen.processes.map((one) => (
              <ProcessCard key={one.process.id} of={one} />
            ))}
          </ul>
          <Workflows ops={seen.ops} everyMs={EVERY_MS} />
          <h2 className="eyebrow">{t('ops.furthest_behind')}</h2>
          <Lagging ops={seen.ops} />
          <div className={classes.two}>
            <section>
              <h2 className="eyebrow">{t('ops.commands_since')}</h2>
              <Commands ops={seen.ops} />
            </section>
            <section>
              <h2 className="eyebrow">{t('ops.refusals_since')}</h2>
              <Refusals ops={seen.ops} />
            </section>
          </div>
        </>
      )}
    </div>
  );
}

/** Whoever answers has asked the database. */
function Parts({ ops, asked }: { ops: Ops | null; asked: boolean }) {
  const { t } = useT();
  const connection = useConnection();
  const parts = [
    { name: t('ops.database'), good: asked ? ops !== null : null },
    { name: t('ops.broker'), good: asked ? (ops?.broker ?? false) : null },
    { name: t('ops.own'), good: connection.kind === 'live' },
  ];
  return (
    <ul className={classes.parts} aria-live="polite" data-testid="ops-parts">
      {parts.map(({ name, good }) => {
        const state = good === null ? 'asking' : good ? 'good' : 'bad';
        return (
          <li key={name} className="card" data-state={state}>
            {good ? <IconCircleCheck size={20} aria-hidden /> : <IconCircleX size={20} aria-hidden />}
            <span>
              <b>{name}</b>
              <small>{t(`ops.${state}`)}</small>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Totals({ seen: { ops, past } }: { seen: Seen }) {
  const { t } = useT();
  const told = useFigures();
  const totals = totalsOf(ops);
  const latest = past.at(-1);
  return (
    <dl className={`card ${classes.totals}`} data-testid="ops-totals">
      {ROLES.map((role) => (
        <Figure key={role} of={`ops.${role}s`} is={told.whole(aliveOf(ops, role))} bad={aliveOf(ops, role) === 0} />
      ))}
      <Figure of="ops.connections" is={told.whole(totals.connections)} />
      <Figure of="ops.commands" is={told.rate(latest?.commands)} past={past} name="commands" />
      <Figure of="ops.deliveries" is={told.rate(latest?.deliveries)} past={past} name="deliveries" />
      <Figure of="ops.delay" is={told.delay(past)} />
      <Figure of="ops.refusals" is={told.rate(latest?.refusals)} past={past} name="refusals" />
      <Figure of="ops.waiting" is={told.whole(ops.outbox.waiting)} />
      <Figure of="ops.oldest" is={span(ops.outbox.oldest * 1000, t)} bad={ops.outbox.oldest > 5} />
      <Figure of="ops.behind" is={told.whole(totals.behind)} />
      <Figure of="ops.slow" is={told.whole(totals.slow_readers)} bad={totals.slow_readers > 0} />
    </dl>
  );
}

function Lagging({ ops }: { ops: Ops }) {
  const { t } = useT();
  const told = useFigures();
  const lagging = laggingOf(ops);
  if (!lagging.length) return <p className="muted" data-testid="ops-lagging">{t('ops.none_behind')}</p>;
  return (
    <div className={`card ${classes.table}`} tabIndex={0} role="region" aria-label={t('ops.furthest_behind')} data-testid="ops-lagging">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('ops.channel')}</th>
            <th scope="col">{t('ops.frames_behind')}</th>
            <th scope="col">{t('ops.node')}</th>
          </tr>
        </thead>
        <tbody>
          {lagging.map(({ channel, frames, at }) => (
            <tr key={`${channel} ${at}`}>
              <th scope="row">
                <code>{channel}</code>
              </th>
              <td className="num">{told.whole(frames)}</td>
              <td>
                <code>{at}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Commands({ ops }: { ops: Ops }) {
  const { t } = useT();
  const format = useFormat();
  const told = useFigures();
  return (
    <div className={`card ${classes.table}`} tabIndex={0} role="region" aria-label={t('ops.commands_since')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('ops.command')}</th>
            <th scope="col">{t('ops.count')}</th>
            <th scope="col">{t('ops.refused')}</th>
            <th scope="col">{t('ops.mean')}</th>
          </tr>
        </thead>
        <tbody>
          {commandsOf(ops).map(({ name, count, refused, meanMs }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td className="num">{told.whole(count)}</td>
              <td className="num" data-bad={refused > 0 || undefined}>
                {told.whole(refused)}
              </td>
              <td className="num">{meanMs === null ? '–' : `${format.decimal(meanMs.toFixed(1))} ms`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Refusals({ ops }: { ops: Ops }) {
  const { t } = useT();
  const told = useFigures();
  const refusals = refusalsOf(ops);
  if (!refusals.length) return <p className="muted">{t('ops.no_refusals')}</p>;
  return (
    <div className={`card ${classes.table}`} tabIndex={0} role="region" aria-label={t('ops.refusals_since')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('ops.code')}</th>
            <th scope="col">{t('ops.count')}</th>
          </tr>
        </thead>
        <tbody>
          {refusals.map(({ code, count }) => (
            <tr key={code} data-testid="refusal">
              <th scope="row">
                <code>{code}</code>
              </th>
              <td className="num">{told.whole(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
