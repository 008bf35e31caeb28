/** The form's content: what was typed here and survives a reload, otherwise the offer that stands. */
import { useCallback, useMemo, useState } from 'react';
import { useT } from '@/i18n';
import { decimalText } from '@/lib/decimal';
import { dropDraft, keepDraft, readDraft } from '@/live/drafts';
import { useMe } from '@/live/hooks';
import type { Json, Offer, QuotationView } from '@/live/protocol';
import { blankFor, formOf, withAsked, type OfferForm } from './offerForm';

export interface OfferEditing {
  form: OfferForm;
  /** The form of the offer that stands, or the empty one. */
  stood: OfferForm;
  /** Something was typed that no offer has yet. */
  dirty: boolean;
  /** The offer was revised elsewhere after the typing began. */
  overtaken: boolean;
  set: (change: Partial<OfferForm>) => void;
  drop: () => void;
}

const FIELD = 'offer';

interface Typed {
  form: OfferForm;
  revision: number;
}

export function useOfferForm(view: QuotationView, offer: Offer | undefined): OfferEditing {
  const { language } = useT();
  const user = useMe().id;
  const revision = offer?.revision ?? 0;
  const [typed, setTyped] = useState<Typed | null>(() => readTyped(user, view.id));
  const stood = useMemo(
    () => (offer ? formOf(offer, (decimal) => decimalText(decimal, language)) : blankFor(view)),
    [offer, view.rooms, view.meal_plan, language],
  );
  const form = useMemo(() => withAsked({ ...stood, ...typed?.form }, view), [typed, stood, view.rooms]);

  const set = (change: Partial<OfferForm>): void => {
    const next = { form: { ...form, ...change }, revision: typed?.revision ?? revision };
    setTyped(next);
    keepDraft(user, view.id, FIELD, { value: next.form as unknown as Json, base: next.revision });
  };
  const drop = useCallback(() => {
    setTyped(null);
    dropDraft(user, view.id, FIELD);
  }, [user, view.id]);
  return { form, stood, dirty: typed !== null, overtaken: typed !== null && typed.revision !== revision, set, drop };
}

function readTyped(user: string, id: string): Typed | null {
  const draft = readDraft(user, id, FIELD);
  return draft ? { form: draft.value as unknown as OfferForm, revision: draft.base ?? 0 } : null;
}
