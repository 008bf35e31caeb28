/** The steps of a booking, filling in as they happen. */
import { IconCheck, IconX } from '@tabler/icons-react';
import { useT, type Key } from '@/i18n';
import type { BookingStep } from '@/live/protocol';
import classes from './Steps.module.css';
import { At } from './Time';

const DONE = new Set(['done', 'not_needed']);
const BAD = new Set(['failed', 'undone']);

export function Steps({ steps }: { steps: Record<string, BookingStep> }) {
  const { t, has } = useT();
  return (
    <ol className={classes.steps} data-testid="steps">
      {Object.entries(steps).map(([name, step]) => (
        <li
          key={name}
          data-done={DONE.has(step.state) || undefined}
          data-bad={BAD.has(step.state) || undefined}
          data-testid={`step-${name}`}
          data-state={step.state}
        >
          <i aria-hidden>{BAD.has(step.state) ? <IconX size={13} /> : DONE.has(step.state) ? <IconCheck size={13} /> : null}</i>
          <span>
            <b>{has(`step.${name}`) ? t(`step.${name}` as Key) : name}</b>
            <small>
              {has(`step_state.${step.state}`) ? t(`step_state.${step.state}` as Key) : step.state}
              {step.at && step.state !== 'waiting' && (
                <>
                  {' '}
                  · <At at={step.at} />
                </>
              )}
            </small>
          </span>
        </li>
      ))}
    </ol>
  );
}
