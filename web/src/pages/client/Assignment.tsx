/** A guide's own assignment: to accept or decline. */
import { Button } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import { useMe } from '@/live/hooks';
import type { Booking, Hold } from '@/live/protocol';
import { Ask, Reason, useCommand } from '@/ui/Ask';
import { Deadline } from '@/ui/Time';
import classes from './Assignment.module.css';

export function Assignment({ booking }: { booking: Booking }) {
  const me = useMe();
  const own = Object.values(booking.holds ?? {}).find(({ answer }) => answer !== undefined);
  return me.role === 'guide' && own ? <Own assignment={own} over={booking.status === 'cancelled'} /> : null;
}

function Own({ assignment, over }: { assignment: Hold; over: boolean }) {
  const { t } = useT();
  const format = useFormat();
  const [declining, setDeclining] = useState(false);
  const { busy, run } = useCommand(() => undefined);
  const open = assignment.answer === 'awaited' && !over;
  return (
    <section className={`card ${classes.assignment}`} data-testid="assignment" data-answer={assignment.answer}>
      <div>
        <h2>{t('assignment.title')}</h2>
        <p className="num">{format.dayRange(assignment.first, assignment.last)}</p>
        {!over && <p>{t(open ? 'assignment.awaited' : 'assignment.confirmed')}</p>}
        {open && assignment.answer_by && (
          <p>
            {t('assignment.answer_by')} <Deadline at={assignment.answer_by} />
          </p>
        )}
      </div>
      {open && (
        <div className={classes.actions}>
          <Button variant="default" onClick={() => setDeclining(true)} data-testid="decline-assignment">
            {t('assignment.decline')}
          </Button>
          <Button
            leftSection={<IconCheck size={15} />}
            loading={busy}
            onClick={() => void run('guide.confirm', { assignment_id: assignment.id })}
            data-testid="confirm-assignment"
          >
            {t('assignment.confirm')}
          </Button>
        </div>
      )}
      {declining && <Decline assignmentId={assignment.id} onClose={() => setDeclining(false)} />}
    </section>
  );
}

function Decline({ assignmentId, onClose }: { assignmentId: string; onClose: () => void }) {
  const { t } = useT();
  const [reason, setReason] = useState('');
  const { busy, run } = useCommand(onClose);
  return (
    <Ask
      title={t('assignment.decline')}
      action={t('assignment.decline')}
      danger
      busy={busy}
      ready={reason.trim() !== ''}
      onClose={onClose}
      onConfirm={() => void run('guide.decline', { assignment_id: assignmentId, reason: reason.trim() })}
    >
      <Reason value={reason} onChange={setReason} />
    </Ask>
  );
}
