/** What cancelling costs, from today to check-in. */
import { compare } from '@/lib/decimal';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import { daysBefore } from '@/lib/stay';
import type { CancellationStage } from '@/live/protocol';
import classes from './Cancellation.module.css';

export function Cancellation({ stages, checkIn }: { stages: CancellationStage[]; checkIn?: string }) {
  const { t } = useT();
  const format = useFormat();
  const rising = [...stages].sort((a, b) => b.days_before - a.days_before);
  if (!rising.length) return null;
  const when = (stage: CancellationStage): string =>
    checkIn ? format.day(daysBefore(checkIn, stage.days_before)) : t('cancellation.days', { count: stage.days_before });
  return (
    <ol className={classes.timeline} aria-label={t('cancellation.title')}>
      <li style={{ '--cost': 0 } as React.CSSProperties}>
        <b>{t('cancellation.free')}</b>
        <span className="num">{t('cancellation.until', { day: when(rising[0]!) })}</span>
      </li>
      {rising.map((stage) => (
        <li key={stage.days_before} style={{ '--cost': Math.min(1, Number(stage.penalty_percent) / 100) } as React.CSSProperties}>
          <b className="num">{compare(stage.penalty_percent, '100') === 0 ? t('cancellation.all') : format.percent(stage.penalty_percent)}</b>
          <span className="num">{t('cancellation.after', { day: when(stage) })}</span>
        </li>
      ))}
    </ol>
  );
}
