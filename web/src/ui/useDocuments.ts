/** The documents of a quotation that one may have now, each with a picture of its first page. */
import { useEffect, useState } from 'react';
import type { components } from '@/generated/api';
import type { Language } from '@/i18n';
import type { Page, QuotationView } from '@/live/protocol';
import { get, getFile } from '@/rest/client';

export type Kind = components['schemas']['DocumentView']['kind'];
export interface Printed {
  kind: Kind;
  /** A data URL; missing until it is there. */
  picture?: string;
}

const SETTLED = 600;

/** What documents are made of, as far as one sees it: when that changes they are read again. */
function told(view: QuotationView): string {
  const { title, destination, check_in, check_out, adults, children_ages, rooms, meal_plan, special_requirements } = view;
  const trip = [title, destination, check_in, check_out, adults, children_ages, rooms, meal_plan, special_requirements];
  return JSON.stringify([trip, view.state, view.selling, view.deposit, view.booking, view.awarded_offer_id]);
}

export const pathOf = (id: string, kind: Kind, language: Language, format: 'pdf' | 'png'): string =>
  `/quotations/${id}/documents/${kind}?language=${language}&format=${format}`;

export function useDocuments(view: QuotationView, language: Language): readonly Printed[] {
  const [printed, setPrinted] = useState<readonly Printed[]>([]);
  const id = view.id!;
  const content = told(view);
  useEffect(() => {
    let wanted = true;
    const read = async (): Promise<void> => {
      const { items } = await get<Page<{ kind: Kind }>>(`/quotations/${id}/documents`);
      if (!wanted) return;
      setPrinted((before) => items.map(({ kind }) => before.find((one) => one.kind === kind) ?? { kind }));
      for (const { kind } of items) {
        const picture = await asUrl(await getFile(pathOf(id, kind, language, 'png')));
        if (!wanted) return;
        setPrinted((before) => before.map((one) => (one.kind === kind ? { kind, picture } : one)));
      }
    };
    // Several changes in a row are one; without a picture a document can be opened all the same.
    const timer = setTimeout(() => void read().catch(() => undefined), SETTLED);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [id, language, content]);
  return printed;
}

function asUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(blob);
  });
}
