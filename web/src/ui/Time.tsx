/** Times in the viewer's zone, with the zone on hover; deadlines that count. */
import { useT } from '@/i18n';
import { roughSpan, span, useFormat } from '@/lib/format';
import { useNow } from '@/lib/now';
import classes from './Time.module.css';

const SOON_MS = 2 * 3_600_000;

export function Ago({ at }: { at: string }) {
  const { t } = useT();
  const format = useFormat();
  const age = useNow(30_000) - Date.parse(at);
  const text = age < 60_000 ? t('time.now') : age < 86_400_000 ? roughSpan(age, t) : format.time(at);
  return (
    <time dateTime={at} title={format.full(at)} className={classes.ago}>
      {text}
    </time>
  );
}

export function At({ at }: { at: string }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.full(at)} className="num">
      {format.time(at)}
    </time>
  );
}

export function Deadline({ at }: { at?: string }) {
  const { t } = useT();
  const format = useFormat();
  const due = at ? Date.parse(at) : 0;
  const left = due - useNow(Math.abs(due - Date.now()) < 3_600_000 ? 1_000 : 15_000);
  if (!at) return <span className="muted">{t('deadline.none')}</span>;
  const text = left >= 0 ? t('deadline.in', { span: span(left, t) }) : t('deadline.passed', { span: span(left, t) });
  const tone = left < 0 ? 'passed' : left < SOON_MS ? 'soon' : 'far';
  return (
    <time dateTime={at} title={format.full(at)} className={classes.deadline} data-tone={tone}>
      {text}
    </time>
  );
}
