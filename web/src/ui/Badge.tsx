/** The state of a quotation, an invitation or an offer, as a quiet coloured word. */
import { useT } from '@/i18n';
import type { InvitationState, OfferState, QuotationState } from '@/live/protocol';
import classes from './Badge.module.css';

type Tone = 'quiet' | 'go' | 'wait' | 'good' | 'plum' | 'bad';

const QUOTATION: Record<QuotationState, Tone> = {
  draft: 'quiet',
  published: 'go',
  reviewing: 'wait',
  awarded: 'plum',
  accepted: 'good',
  deposit_paid: 'good',
  confirmed: 'good',
  completed: 'quiet',
  cancelled: 'bad',
  expired: 'bad',
};
const INVITATION: Record<InvitationState, Tone> = { open: 'go', closed: 'quiet', selected: 'good', not_selected: 'quiet' };
const OFFER: Record<OfferState, Tone> = {
  draft: 'quiet',
  submitted: 'go',
  revised: 'go',
  outdated: 'wait',
  withdrawn: 'bad',
  selected: 'good',
  not_selected: 'quiet',
  expired: 'bad',
};

export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}

export function StateBadge({ state }: { state: QuotationState }) {
  const { t } = useT();
  return (
    <span data-testid="state" data-state={state}>
      <Badge tone={QUOTATION[state]}>{t(`state.${state}`)}</Badge>
    </span>
  );
}

export function InvitationBadge({ state }: { state: InvitationState }) {
  const { t } = useT();
  return (
    <span data-testid="invitation-state" data-state={state}>
      <Badge tone={INVITATION[state]}>{t(`invitation.${state}`)}</Badge>
    </span>
  );
}

export function OfferBadge({ state }: { state: OfferState }) {
  const { t } = useT();
  return <Badge tone={OFFER[state]}>{t(`offer_state.${state}`)}</Badge>;
}
