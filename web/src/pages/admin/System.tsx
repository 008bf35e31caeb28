/** The state of the system in one screen: can it serve, how busy it is, and what people do. */
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { addMessages, useT } from '@/i18n';
import { admin } from '@/i18n/messages/admin';
import { span, useFormat } from '@/lib/format';
import { useConnection } from '@/live/hooks';
import { useRead } from '@/rest/useRead';
import { useAudit } from './audit';
import { AuditTable } from './AuditTable';
import { healthOf, parse, type Health } from './metrics';
import classes from './System.module.css';

addMessages(admin);

const EVERY_MS = 5_000;

interface Ready {
  ready: boolean;
  database: boolean;
  broker: boolean;
  /** The round trip of asking. */
  tookMs: number;
}

/** A server that cannot serve says so with a 503 and the same body. */
async function readReady(): Promise<Ready> {
  const asked = performance.now();
  const response = await fetch('/readyz');
  const body = (await response.json()) as Omit<Ready, 'tookMs'>;
  return { ...body, tookMs: performance.now() - asked };
}

/** Null where metrics are not for this browser: they answer on the server's own machine only. */
async function readHealth(): Promise<Health | null> {
  const response = await fetch('/metrics');
  return response.ok ? healthOf(parse(await response.text())) : null;
}

export default function System() {
  const { t } = useT();
  const ready = useRead(readReady, null, EVERY_MS);
  const health = useRead(readHealth, null, EVERY_MS);
  const audit = useAudit('/audit');
  useEffect(() => {
    const timer = setInterval(audit.reload, 2 * EVERY_MS);
    return () => clearInterval(timer);
  }, [audit.reload]);
  return (
    <div className={classes.page}>
      <h1>{t('nav.system')}</h1>
      <Parts ready={ready.failed ? null : ready.data} asked={ready.data !== null || ready.failed} />
      {health.data && <Numbers health={health.data} />}
      <div className={classes.two} data-single={!health.data || undefined}>
        <section>
          <h2 className="eyebrow">{t('system.audit')}</h2>
          <AuditTable audit={audit} whole />
        </section>
        {health.data && (
          <section>
            <h2 className="eyebrow">{t('system.commands')}</h2>
            <Commands health={health.data} />
          </section>
        )}
      </div>
    </div>
  );
}

function Parts({ ready, asked }: { ready: Ready | null; asked: boolean }) {
  const { t } = useT();
  const connection = useConnection();
  const parts = [
    { name: t('system.serving'), good: ready?.ready ?? false, told: ready && t('system.took', { ms: Math.round(ready.tookMs) }) },
    { name: t('system.database'), good: ready?.database ?? false },
    { name: t('system.broker'), good: ready?.broker ?? false },
  ];
  return (
    <ul className={classes.parts} aria-live="polite" data-testid="system-parts">
      {parts.map(({ name, good, told }) => (
        <Part key={name} name={name} good={asked ? good : null} told={told ?? undefined} />
      ))}
      <Part name={t('system.live')} good={connection.kind === 'live'} />
    </ul>
  );
}

function Part({ name, good, told }: { name: string; good: boolean | null; told?: string }) {
  const { t } = useT();
  const state = good === null ? 'asking' : good ? 'good' : 'bad';
  return (
    <li className="card" data-state={state}>
      {good ? <IconCircleCheck size={20} aria-hidden /> : <IconCircleX size={20} aria-hidden />}
      <span>
        <b>{name}</b>
        <small>{told ?? t(`system.${state}`)}</small>
      </span>
    </li>
  );
}

function Numbers({ health }: { health: Health }) {
  const { t } = useT();
  const format = useFormat();
  const whole = (value: number | null): string | null => (value === null ? null : format.decimal(String(Math.round(value))));
  const numbers = [
    ['connections', whole(health.connections)],
    ['channels', whole(health.channels)],
    ['waiting', health.outboxAge === null ? null : span(health.outboxAge * 1000, t)],
    ['slow', whole(health.slowReaders)],
    ['memory', health.memory === null ? null : `${whole(health.memory / 1_048_576)} MiB`],
    ['up', health.upSince === null ? null : span(Date.now() - health.upSince * 1000, t)],
  ] as const;
  return (
    <dl className={`card ${classes.numbers}`} data-testid="system-numbers">
      {numbers.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{t(`system.${name}`)}</dt>
            <dd className="num">{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function Commands({ health }: { health: Health }) {
  const { t } = useT();
  const format = useFormat();
  return (
    <div className={`card ${classes.commands}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('system.command')}</th>
            <th scope="col">{t('system.count')}</th>
            <th scope="col">{t('system.refused')}</th>
            <th scope="col">{t('system.mean')}</th>
          </tr>
        </thead>
        <tbody>
          {health.commands.map(({ name, count, refused, meanMs }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td className="num">{format.decimal(String(count))}</td>
              <td className="num" data-bad={refused > 0 || undefined}>
                {format.decimal(String(refused))}
              </td>
              <td className="num">{meanMs === null ? '–' : `${format.decimal(meanMs.toFixed(1))} ms`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
