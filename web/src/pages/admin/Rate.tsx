import '@mantine/charts/styles.layer.css';
import { AreaChart } from '@mantine/charts';

/** How a rate went lately, without axes; the number beside it says what it is. */
export default function Rate({ values }: { values: readonly number[] }) {
  return (
    <div aria-hidden>
      <AreaChart
        h={28}
        data={values.map((rate, index) => ({ index, rate }))}
        dataKey="index"
        series={[{ name: 'rate', color: 'pine.6' }]}
        curveType="monotone"
        strokeWidth={1.5}
        withDots={false}
        withTooltip={false}
        withXAxis={false}
        withYAxis={false}
        gridAxis="none"
        yAxisProps={{ domain: [0, (most: number) => most || 1] }}
        areaProps={{ isAnimationActive: false }}
        areaChartProps={{ accessibilityLayer: false, margin: { top: 2, right: 0, bottom: 0, left: 0 } }}
      />
    </div>
  );
}
