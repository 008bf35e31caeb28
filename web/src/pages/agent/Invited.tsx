/** Who was asked, and who has not answered yet. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconUserMinus } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import type { Invitation, QuotationView } from '@/live/protocol';
import { Ask, useCommand } from '@/ui/Ask';
import { InvitationBadge } from '@/ui/Badge';
import classes from './Invited.module.css';

export function Invited({ view }: { view: QuotationView }) {
  const { t } = useT();
  const [taking, setTaking] = useState<Invitation | null>(null);
  const answered = new Set(Object.values(view.offers ?? {}).map((offer) => offer.hotel_id));
  const waiting = Object.values(view.invitations ?? {}).filter((one) => !answered.has(one.hotel_id));
  if (!waiting.length) return null;
  return (
    <section className={classes.invited} data-testid="invited">
      <h2 className="eyebrow">{t('grid.waiting', { count: waiting.length })}</h2>
      <ul>
        {waiting.map((invitation) => (
          <li key={invitation.hotel_id}>
            <b>{invitation.name}</b>
            {invitation.rating && <small className="num">★ {invitation.rating}</small>}
            {invitation.state !== 'open' && <InvitationBadge state={invitation.state} />}
            {view.state === 'published' && (
              <Tooltip label={t('act.uninvite')}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={`${t('act.uninvite')}: ${invitation.name}`}
                  onClick={() => setTaking(invitation)}
                  data-testid={`uninvite-${invitation.hotel_id}`}
                >
                  <IconUserMinus size={14} />
                </ActionIcon>
              </Tooltip>
            )}
          </li>
        ))}
      </ul>
      {taking && <Uninvite view={view} invitation={taking} onClose={() => setTaking(null)} />}
    </section>
  );
}

function Uninvite(props: { view: QuotationView; invitation: Invitation; onClose: () => void }) {
  const { t } = useT();
  const { busy, run } = useCommand(props.onClose);
  const payload = { quotation_id: props.view.id, hotel_ids: [props.invitation.hotel_id] };
  return (
    <Ask
      title={t('act.uninvite')}
      action={t('act.uninvite')}
      busy={busy}
      onClose={props.onClose}
      onConfirm={() => void run('quotation.uninvite', payload)}
    >
      <p>{props.invitation.name}</p>
    </Ask>
  );
}
