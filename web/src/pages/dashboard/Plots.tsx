/** The plots. Each says in words and a table what it shows, so the drawing itself is hidden from readers. */
import '@mantine/charts/styles.layer.css';
import { BarChart, CompositeChart, LineChart } from '@mantine/charts';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import { statesOf, valueIn, type Dashboard, type Week } from './figures';

const HEIGHT = 220;
const STILL = { isAnimationActive: false };
const HOUR = 3_600;

export type Plot = 'states' | 'weekly' | 'times' | { currency: string };

export default function Plots({ figures, plot }: { figures: Dashboard; plot: Plot }) {
  return (
    <div aria-hidden>
      {plot === 'states' && <States figures={figures} />}
      {plot === 'weekly' && <Weekly weeks={figures.weeks} />}
      {plot === 'times' && <Times weeks={figures.weeks} />}
      {typeof plot === 'object' && <Values weeks={figures.weeks} currency={plot.currency} />}
    </div>
  );
}

function States({ figures }: { figures: Dashboard }) {
  const { t } = useT();
  const data = statesOf(figures).map(({ state, count }) => ({ state: t(`state.${state}`), count }));
  return (
    <BarChart
      h={Math.max(HEIGHT, 30 * data.length + 30)}
      data={data}
      dataKey="state"
      orientation="vertical"
      series={[{ name: 'count', label: t('dash.states'), color: 'pine.6' }]}
      gridAxis="x"
      tickLine="none"
      yAxisProps={{ width: 110 }}
      xAxisProps={{ allowDecimals: false }}
      barProps={STILL}
      barChartProps={{ accessibilityLayer: false }}
    />
  );
}

function Weekly({ weeks }: { weeks: readonly Week[] }) {
  const { t } = useT();
  const label = useWeekLabel();
  return (
    <BarChart
      h={HEIGHT}
      data={weeks.map(({ week, published, accepted }) => ({ week: label(week), published, accepted }))}
      dataKey="week"
      series={[
        { name: 'published', label: t('dash.published'), color: 'gray.5' },
        { name: 'accepted', label: t('dash.accepted'), color: 'pine.6' },
      ]}
      withLegend
      gridAxis="x"
      tickLine="none"
      yAxisProps={{ allowDecimals: false, width: 36 }}
      barProps={STILL}
      barChartProps={{ accessibilityLayer: false }}
    />
  );
}

/** The quartiles as lines around the median. */
function Times({ weeks }: { weeks: readonly Week[] }) {
  const { t } = useT();
  const format = useFormat();
  const label = useWeekLabel();
  const data = weeks.map(({ week, answers }) => {
    const [lower, half, upper] = (answers.seconds ?? []).map((seconds) => seconds / HOUR);
    return { week: label(week), lower, half, upper };
  });
  return (
    <LineChart
      h={HEIGHT}
      data={data}
      dataKey="week"
      series={[
        { name: 'upper', label: t('dash.upper'), color: 'gray.5', strokeDasharray: '4 4' },
        { name: 'half', label: t('dash.half'), color: 'pine.6' },
        { name: 'lower', label: t('dash.lower'), color: 'gray.5', strokeDasharray: '1 4' },
      ]}
      connectNulls
      curveType="monotone"
      withLegend
      gridAxis="x"
      tickLine="none"
      unit=" h"
      yAxisProps={{ width: 48 }}
      valueFormatter={(value) => format.decimal(value.toFixed(1), 1)}
      lineProps={STILL}
      lineChartProps={{ accessibilityLayer: false }}
    />
  );
}

function Values({ weeks, currency }: { weeks: readonly Week[]; currency: string }) {
  const { t } = useT();
  const format = useFormat();
  const label = useWeekLabel();
  const data = weeks.map((week) => ({ week: label(week.week), value: Number(valueIn(week, currency)) }));
  return (
    <CompositeChart
      h={HEIGHT}
      data={data}
      dataKey="week"
      series={[{ name: 'value', label: t('dash.accepted'), color: 'pine.6', type: 'area' }]}
      curveType="monotone"
      gridAxis="x"
      tickLine="none"
      yAxisProps={{ width: 72, tickFormatter: (value: number) => format.decimal(value.toFixed(0), 0) }}
      valueFormatter={(value) => format.money({ amount: value.toFixed(2), currency })}
      areaProps={STILL}
      composedChartProps={{ accessibilityLayer: false }}
    />
  );
}

function useWeekLabel(): (week: string) => string {
  const { language } = useT();
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (week) => day.format(new Date(`${week}T00:00:00Z`));
}
