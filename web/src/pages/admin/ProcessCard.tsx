/** One process: what it is, whether it lives, and its figures. */
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useT, type Key } from '@/i18n';
import { span, useFormat } from '@/lib/format';
import { useNow } from '@/lib/now';
import { delayOf, rolesOf, type Followed, type Rates } from './ops';
import classes from './Ops.module.css';

const Rate = lazy(() => import('./Rate'));

export function ProcessCard({ of: { process, past } }: { of: Followed }) {
  const { t } = useT();
  const now = useNow(10_000);
  const told = useFigures();
  const roles = rolesOf(process);
  const latest = past.at(-1);
  const up = span(now - Date.parse(process.started_at), t);
  const { node, relay, worker } = process;
  return (
    <li className={`card ${classes.process}`} data-testid="process" data-roles={roles.join(' ')} data-alive={process.alive}>
      <header>
        {process.alive ? <IconCircleCheck size={18} aria-hidden /> : <IconCircleX size={18} aria-hidden />}
        <h3>{roles.map((role) => t(`ops.${role}`)).join(' · ')}</h3>
        <code>
          {process.host}:{process.pid}
        </code>
        <small>{process.alive ? t('ops.up', { span: up }) : t('ops.gone', { span: span(process.age * 1000, t) })}</small>
      </header>
      <dl className={classes.figures}>
        {node && (
          <>
            <Figure of="ops.connections" is={told.whole(node.connections)} />
            <Figure of="ops.rooms" is={told.whole(node.rooms)} />
            <Figure of="ops.channels" is={told.whole(node.channels)} />
            <Figure of="ops.behind" is={told.whole(node.behind)} />
            <Figure of="ops.commands" is={told.rate(latest?.commands)} past={past} name="commands" />
            <Figure of="ops.deliveries" is={told.rate(latest?.deliveries)} past={past} name="deliveries" />
            <Figure of="ops.delay" is={told.delay(past)} />
            <Figure of="ops.unsent" is={told.bytes(node.unsent_bytes)} />
            <Figure of="ops.slow" is={told.whole(node.slow_readers)} bad={node.slow_readers > 0} />
            <Figure of="ops.repairs" is={told.whole(node.repairs)} />
            <Figure of="ops.shed" is={told.whole(node.shed)} bad={node.shed > 0} />
          </>
        )}
        {relay && (
          <>
            <Figure of="ops.lag" is={span(relay.lag * 1000, t)} bad={relay.lag > 5} />
            <Figure of="ops.frames" is={told.rate(latest?.frames)} past={past} name="frames" />
            <Figure of="ops.failures" is={told.whole(relay.failures)} bad={relay.failures > 0} />
            <Figure of="ops.outages" is={told.whole(relay.outages)} bad={relay.outages > 0} />
          </>
        )}
        {worker && <Figure of="ops.due" is={told.whole(worker.due)} />}
        <Figure of="ops.memory" is={told.bytes(process.memory_bytes)} />
        <Figure of="ops.tasks" is={told.whole(process.tasks)} />
        <Figure of="ops.files" is={told.whole(process.open_files)} />
        <Figure of="ops.cpu" is={latest ? `${told.whole(100 * latest.cpu)} %` : '–'} />
      </dl>
    </li>
  );
}

/** A number by its name; with its rates of late if they are given. */
export function Figure(props: { of: Key; is: string; bad?: boolean; past?: readonly Rates[]; name?: keyof Rates }) {
  const { t } = useT();
  const { past = [], name } = props;
  return (
    <div data-testid={props.of}>
      <dt>{t(props.of)}</dt>
      <dd className="num" data-bad={props.bad || undefined}>
        {props.is}
        {name && (
          <Suspense fallback={<div className={classes.coming} />}>
            <Rate values={past.map((rates) => rates[name])} />
          </Suspense>
        )}
      </dd>
    </div>
  );
}

interface Figures {
  whole: (value: number) => string;
  /** Per second; a dash until there are two readings. */
  rate: (value?: number) => string;
  bytes: (value: number) => string;
  /** Of facts on their way; a dash where there were none. */
  delay: (past: readonly Rates[]) => string;
}

export function useFigures(): Figures {
  const format = useFormat();
  const decimal = (value: number, places: number): string => format.decimal(value.toFixed(places), places);
  return {
    whole: (value) => decimal(value, 0),
    rate: (value) => (value === undefined ? '–' : decimal(value, value < 10 ? 1 : 0)),
    delay: (past) => {
      const ms = delayOf(past);
      return ms === null ? '–' : `${decimal(ms, ms < 10 ? 1 : 0)} ms`;
    },
    bytes: (value) => (value < 1_048_576 ? `${decimal(value / 1024, 0)} KiB` : `${decimal(value / 1_048_576, 0)} MiB`),
  };
}
