/** The offer being typed: kept over a reload, taken back to what was sent when that changes elsewhere. */
import { useMemo, useState } from 'react';
import { useT } from '@/i18n';
import { dropDraft, keepDraft, readDraft } from '@/live/drafts';
import { useMe } from '@/live/hooks';
import type { Json, Offer, QuotationView } from '@/live/protocol';
import { formOf, payloadOf, type OfferContent, type OfferForm, type Problem } from './offerForm';

export interface OfferEditing {
  form: OfferForm;
  set: (change: Partial<OfferForm>) => void;
  /** Whether something was typed that is not sent. */
  unsent: boolean;
  discard: () => void;
  problems: Problem[];
  payload: OfferContent;
  /** Whether the round is open. */
  open: boolean;
}

const FIELD = 'offer';

export function useOfferForm(view: QuotationView, offer: Offer | undefined): OfferEditing {
  const { language } = useT();
  const user = useMe().id;
  const sent = useMemo(() => formOf(view, offer, language), [view, offer, language]);
  const [typed, setTyped] = useState(() => (readDraft(user, view.id, FIELD)?.value ?? null) as unknown as OfferForm | null);
  // A draft of before an update of the app may lack what the form has by now.
  const form = { ...sent, ...typed };
  const { offer: payload, problems } = useMemo(
    () => payloadOf(form, view.currency, language),
    [form, view.currency, language],
  );
  return {
    form,
    set: (change) => {
      const next = { ...form, ...change };
      setTyped(next);
      keepDraft(user, view.id, FIELD, { value: next as unknown as Json });
    },
    unsent: typed !== null,
    discard: () => {
      setTyped(null);
      dropDraft(user, view.id, FIELD);
    },
    problems,
    payload,
    open: view.invitation === 'open',
  };
}
