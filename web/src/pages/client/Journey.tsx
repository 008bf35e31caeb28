/** The way from offers to travelling, and what happens now. */
import { IconCheck } from '@tabler/icons-react';
import { useT } from '@/i18n';
import type { QuotationView } from '@/live/protocol';
import { journey } from './journey';
import classes from './Journey.module.css';

export function Journey({ view }: { view: QuotationView }) {
  const { t } = useT();
  const { stages, at } = journey(view);
  return (
    <section className={classes.journey} aria-label={t('trip.journey')}>
      {at >= 0 && (
        <ol>
          {stages.map((stage, index) => (
            <li
              key={stage}
              data-done={index < at || view.state === 'completed' || undefined}
              aria-current={index === at ? 'step' : undefined}
            >
              <i aria-hidden>{index < at || view.state === 'completed' ? <IconCheck size={12} stroke={3} /> : null}</i>
              <span>{t(`stage.${stage}`)}</span>
            </li>
          ))}
        </ol>
      )}
      {view.state && <p>{t(`trip.now.${view.state}`)}</p>}
    </section>
  );
}
