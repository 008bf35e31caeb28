/** The figures of the business, read again whenever something happened: an agency's own, for operators everybody's. */
import { IconChartBar } from '@tabler/icons-react';
import { lazy, Suspense, type ReactNode } from 'react';
import { useSearch } from 'wouter';
import { addMessages, useT } from '@/i18n';
import { dashboard } from '@/i18n/messages/dashboard';
import { useEveryFew } from '@/lib/everyFew';
import { span, useFormat } from '@/lib/format';
import { listRoom, useMe } from '@/live/hooks';
import { useLive } from '@/live/store';
import { get } from '@/rest/client';
import { useRead } from '@/rest/useRead';
import { Notice, PageError, Rows } from '@/ui/states';
import {
  answeredOf,
  conversionOf,
  funnelOf,
  isEmpty,
  openOf,
  statesOf,
  valueIn,
  valuesOf,
  type Dashboard as Figures,
} from './figures';
import type { Plot } from './Plots';
import classes from './Dashboard.module.css';

addMessages(dashboard);

const Plots = lazy(() => import('./Plots'));

/** What a fact changes is counted a moment after it arrives. */
const AFTER_MS = 2_000;
const EVERY_MS = 20_000;

export default function Dashboard() {
  const { t } = useT();
  const me = useMe();
  const company = new URLSearchParams(useSearch()).get('company');
  const path = company ? `/dashboard?company_id=${encodeURIComponent(company)}` : '/dashboard';
  const happened = useEveryFew(useLive((live) => live.rooms[listRoom(me)]?.seq ?? 0), AFTER_MS);
  const { data, failed, reload } = useRead(() => get<Figures>(path), `${path} ${happened}`, EVERY_MS);
  return (
    <div className={classes.page} data-testid="dashboard">
      <header>
        <h1>{t('dash.title')}</h1>
        {data && <p className="muted">{t('dash.period', { count: data.weeks.length })}</p>}
      </header>
      {failed && data && (
        <p className={classes.stale} role="status">
          {t('dash.stale')}
        </p>
      )}
      {!data && (failed ? <PageError onRetry={reload} /> : <Rows count={5} height={120} />)}
      {data && isEmpty(data) && (
        <Notice icon={<IconChartBar size={26} />} title={t('dash.none')} hint={t('dash.none_hint')} />
      )}
      {data && !isEmpty(data) && <Shown figures={data} />}
    </div>
  );
}

function Shown({ figures }: { figures: Figures }) {
  const { t } = useT();
  const weeks = <ByWeek figures={figures} />;
  return (
    <>
      <Summary figures={figures} />
      <div className={classes.cards}>
        <Card title={t('dash.funnel')} hint={t('dash.funnel_hint')}>
          <Funnel figures={figures} />
        </Card>
        <Card title={t('dash.states')} hint={t('dash.states_hint')} figures={figures} plot="states" table={<States figures={figures} />} />
        <Card title={t('dash.times')} hint={t('dash.times_hint')} figures={figures} plot="times" table={<Times figures={figures} />}>
          {!figures.answers.seconds && <p className="muted">{t('dash.no_answers')}</p>}
        </Card>
        <Card title={t('dash.weekly')} figures={figures} plot="weekly" table={weeks} />
        {valuesOf(figures).map(({ currency }) => (
          <Card
            key={currency}
            title={t('dash.values', { currency })}
            hint={t('dash.values_hint')}
            figures={figures}
            plot={{ currency }}
            table={<Values figures={figures} currency={currency} />}
          />
        ))}
      </div>
    </>
  );
}

function Summary({ figures }: { figures: Figures }) {
  const { t } = useT();
  const format = useFormat();
  const percent = (rate: string | null): string => (rate === null ? '–' : format.percent(rate));
  const shown: [name: string, label: string, value: string][] = [
    ['open', t('dash.open'), format.decimal(String(openOf(figures)))],
    ['conversion', t('dash.conversion'), percent(conversionOf(figures))],
    ['median', t('dash.median'), figures.answers.seconds ? span(figures.answers.seconds[1]! * 1000, t) : '–'],
    ['answered', t('dash.answered'), percent(answeredOf(figures))],
    ...valuesOf(figures).map(
      (value) => [value.currency, t('dash.value', { currency: value.currency }), format.amount(value)] as [string, string, string],
    ),
  ];
  return (
    <section aria-label={t('dash.summary')}>
      <dl className={`card ${classes.summary}`}>
        {shown.map(([name, label, value]) => (
          <div key={name} data-testid={`dash-${name}`}>
            <dt>{label}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Funnel({ figures }: { figures: Figures }) {
  const { t } = useT();
  const format = useFormat();
  const steps = funnelOf(figures);
  const most = Math.max(1, steps[0]!.count);
  return (
    <ol className={classes.funnel} data-testid="dash-funnel">
      {steps.map(({ stage, count, ofStep, ofAll }) => (
        <li key={stage} data-stage={stage}>
          <span>{t(`dash.${stage}`)}</span>
          <b className="num">{format.decimal(String(count))}</b>
          <i aria-hidden>
            <i style={{ width: `${(100 * count) / most}%` }} />
          </i>
          <small>
            {ofStep !== null && t('dash.of_step', { rate: format.percent(ofStep) })}
            {ofStep !== null && ofAll !== null && ' · '}
            {ofAll !== null && t('dash.of_all', { rate: format.percent(ofAll) })}
          </small>
        </li>
      ))}
    </ol>
  );
}

function Card(props: { title: string; hint?: string; figures?: Figures; plot?: Plot; table?: ReactNode; children?: ReactNode }) {
  const { t } = useT();
  const { title, hint, figures, plot, table } = props;
  return (
    <section className={`card ${classes.card}`} aria-label={title}>
      <h2>{title}</h2>
      {hint && <p className="muted">{hint}</p>}
      {props.children}
      {figures && plot && (
        <Suspense fallback={<div className={classes.coming} />}>
          <Plots figures={figures} plot={plot} />
        </Suspense>
      )}
      {table && (
        <details>
          <summary>{t('dash.as_table')}</summary>
          <div className={classes.table} tabIndex={0} role="region" aria-label={title}>
            {table}
          </div>
        </details>
      )}
    </section>
  );
}

function Table({ head, rows }: { head: string[]; rows: string[][] }) {
  return (
    <table>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, ...cells]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {cells.map((cell, index) => (
              <td key={index} className="num">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function States({ figures }: { figures: Figures }) {
  const { t } = useT();
  const rows = statesOf(figures).map(({ state, count }) => [t(`state.${state}`), String(count)]);
  return <Table head={[t('dash.state'), t('dash.states')]} rows={rows} />;
}

function ByWeek({ figures }: { figures: Figures }) {
  const { t } = useT();
  const format = useFormat();
  const rows = figures.weeks.map(({ week, published, accepted }) => [format.day(week), String(published), String(accepted)]);
  return <Table head={[t('dash.week'), t('dash.published'), t('dash.accepted')]} rows={rows} />;
}

function Times({ figures }: { figures: Figures }) {
  const { t } = useT();
  const format = useFormat();
  const rows = figures.weeks.map(({ week, answers }) => [
    format.day(week),
    String(answers.invited),
    String(answers.answered),
    ...[0, 1, 2].map((quartile) => (answers.seconds ? span(answers.seconds[quartile]! * 1000, t) : '–')),
  ]);
  const head = [t('dash.week'), t('dash.invited'), t('dash.answered'), t('dash.lower'), t('dash.half'), t('dash.upper')];
  return <Table head={head} rows={rows} />;
}

function Values({ figures, currency }: { figures: Figures; currency: string }) {
  const { t } = useT();
  const format = useFormat();
  const rows = figures.weeks.map((week) => [format.day(week.week), format.amount({ amount: valueIn(week, currency), currency })]);
  return <Table head={[t('dash.week'), currency]} rows={rows} />;
}
