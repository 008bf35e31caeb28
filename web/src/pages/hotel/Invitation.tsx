/** One invitation: what is asked for, the offer, and its result when it is there. */
import { ActionIcon } from '@mantine/core';
import { IconArrowLeft, IconClockX, IconRefreshAlert } from '@tabler/icons-react';
import { Link } from 'wouter';
import { homeOf } from '@/app/pages';
import { addMessages, useT } from '@/i18n';
import { hotel } from '@/i18n/messages/hotel';
import { useNow } from '@/lib/now';
import { useMe, useMembers, useQuotationView, useRoom } from '@/live/hooks';
import type { QuotationView } from '@/live/protocol';
import { quotationRoom } from '@/live/state';
import { InvitationBadge } from '@/ui/Badge';
import { Faces } from '@/ui/People';
import { PageForbidden, Rows } from '@/ui/states';
import { Deadline } from '@/ui/Time';
import { useTold } from '@/ui/useTold';
import { Brief } from './Brief';
import classes from './Invitation.module.css';
import { OfferDesk } from './OfferDesk';
import { Result } from './Result';
import { ownOffer } from './standing';

addMessages(hotel);

export default function Invitation({ params }: { params: { id: string } }) {
  const { id } = params;
  const room = useRoom(quotationRoom(id));
  const view = useQuotationView(id);
  if (room.status === 'closed') return <PageForbidden />;
  if (!view) return <Skeletons />;
  return <Loaded key={id} view={view} />;
}

function Skeletons() {
  return (
    <div className={classes.skeletons}>
      <Rows count={2} height={52} />
      <Rows count={3} height={170} />
    </div>
  );
}

function Loaded({ view }: { view: QuotationView }) {
  const { t } = useT();
  const offer = ownOffer(view);
  const passed = useNow(1_000) >= Date.parse(view.deadline ?? '9999-12-31');
  const open = view.invitation === 'open' && !passed;
  useTold(quotationRoom(view.id));
  return (
    <div className={classes.page} data-testid="invitation" data-id={view.id}>
      <Header view={view} />
      <Brief view={view} />
      <Result view={view} />
      {view.invitation === 'open' && passed && (
        <p className={classes.notice} data-tone="warm" role="status">
          <IconClockX size={17} aria-hidden /> {t('offer.deadline_passed')}
        </p>
      )}
      {offer?.state === 'outdated' && open && (
        <p className={classes.notice} data-tone="sun" role="status" data-testid="offer-outdated">
          <IconRefreshAlert size={17} aria-hidden /> {t('offer.outdated')}
        </p>
      )}
      <OfferDesk view={view} offer={offer} open={open} />
    </div>
  );
}

function Header({ view }: { view: QuotationView }) {
  const { t } = useT();
  const me = useMe();
  const people = useMembers(view.id).filter((member) => member.id !== me.id);
  return (
    <header className={classes.header}>
      <ActionIcon component={Link} href={homeOf(me.role)} variant="subtle" color="gray" aria-label={t('action.back')}>
        <IconArrowLeft size={18} />
      </ActionIcon>
      <h1>{view.title}</h1>
      {view.invitation && <InvitationBadge state={view.invitation} />}
      <span className={classes.space} />
      {people.length > 0 && (
        <span className={classes.people}>
          {t('invitation.agency_here')} <Faces members={people} />
        </span>
      )}
      {view.invitation === 'open' && (
        <span className={classes.due} data-testid="deadline">
          <small>{t('term.deadline')}</small>
          <Deadline at={view.deadline} />
        </span>
      )}
    </header>
  );
}
