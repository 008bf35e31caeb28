/** One invitation on one screen: what is asked, the offer, and what it comes to. Nothing here hints at others. */
import { ActionIcon } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from 'wouter';
import { addMessages, useT } from '@/i18n';
import { hotel } from '@/i18n/messages/hotel';
import { useMembers, useMe, useQuotationView, useRoom } from '@/live/hooks';
import type { QuotationView } from '@/live/protocol';
import { quotationRoom } from '@/live/state';
import { InvitationBadge } from '@/ui/Badge';
import { Faces } from '@/ui/People';
import { PageForbidden, Rows } from '@/ui/states';
import { Asked } from './Asked';
import { BookingLine } from './BookingLine';
import classes from './Invitation.module.css';
import { OfferEditor } from './OfferEditor';
import { OfferSummary } from './OfferSummary';
import { ownOffer } from './own';
import { Result } from './Result';
import { useOfferForm } from './useOfferForm';

addMessages(hotel);

export default function Invitation({ params }: { params: { id: string } }) {
  const room = useRoom(quotationRoom(params.id));
  const view = useQuotationView(params.id);
  if (room.status === 'closed') return <PageForbidden />;
  if (!view) {
    return (
      <div className={classes.loading}>
        <Rows count={6} height={56} />
      </div>
    );
  }
  return <Loaded key={params.id} view={view} />;
}

function Loaded({ view }: { view: QuotationView }) {
  const { t } = useT();
  const me = useMe();
  const offer = ownOffer(view);
  const editor = useOfferForm(view, offer);
  const members = useMembers(view.id).filter((member) => member.id !== me.id);
  return (
    <div className={classes.page} data-testid="invitation" data-id={view.id}>
      <header className={classes.head}>
        <ActionIcon component={Link} href="/invitations" variant="subtle" color="gray" aria-label={t('action.back')}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        <h1>{view.title}</h1>
        {view.invitation && <InvitationBadge state={view.invitation} />}
        <span className={classes.space} />
        <Faces members={members} />
      </header>
      <aside className={classes.asked} aria-label={t('ask.title')}>
        <Asked view={view} />
      </aside>
      <section className={classes.offer} aria-label={t('offer.title')}>
        <Result view={view} />
        <BookingLine view={view} />
        <OfferEditor view={view} editor={editor} />
      </section>
      <aside className={classes.summary} aria-label={t('sum.title')}>
        <OfferSummary view={view} offer={offer} editor={editor} />
      </aside>
    </div>
  );
}
