import '@mantine/charts/styles.layer.css';
import { LineChart } from '@mantine/charts';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import type { SellingPreview } from '@/lib/pricing';

/** Selling price per person by group size. Numbers here only place points on the screen. */
export default function BandChart(props: { now: SellingPreview; other: SellingPreview | null; currency: string }) {
  const { t } = useT();
  const format = useFormat();
  const { now, other, currency } = props;
  const data = now.bands.map(([band, price], index) => ({
    band,
    now: Number(price.amount),
    ...(other ? { try: Number(other.bands[index]![1].amount) } : {}),
  }));
  const series = [{ name: 'now', label: t('price.now'), color: 'gray.5' }];
  const tried = { name: 'try', label: t('price.slider'), color: 'pine.6' };
  return (
    <LineChart
      h={210}
      data={data}
      dataKey="band"
      series={other ? [...series, tried] : [{ ...series[0]!, color: 'pine.6' }]}
      curveType="monotone"
      withDots
      gridAxis="x"
      tickLine="none"
      yAxisProps={{ domain: ['auto', 'auto'], width: 60, tickFormatter: (value: number) => String(value) }}
      valueFormatter={(value) => format.money({ amount: value.toFixed(2), currency })}
      lineChartProps={{ accessibilityLayer: false }}
    />
  );
}
