import { useT } from '@/i18n';
import type { QuotationState } from '@/live/protocol';
import { Badge } from '@/ui/Badge';

const TONES = {
  draft: 'quiet',
  published: 'go',
  reviewing: 'go',
  awarded: 'wait',
  accepted: 'good',
  deposit_paid: 'good',
  confirmed: 'good',
  completed: 'quiet',
  cancelled: 'bad',
  expired: 'bad',
} as const;

/** The state in the client's words. */
export function TripState({ state }: { state: QuotationState }) {
  const { t } = useT();
  return (
    <span data-testid="trip-state" data-state={state}>
      <Badge tone={TONES[state]}>{t(`trip.state.${state}`)}</Badge>
    </span>
  );
}
