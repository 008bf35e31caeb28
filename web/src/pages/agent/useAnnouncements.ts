import { useEffect, useRef } from 'react';
import { useT } from '@/i18n';
import type { QuotationView } from '@/live/protocol';
import { announce } from '@/ui/announce';
import { hotelName } from './offers';

/** Says politely what others did while one looks: new and revised offers, and the quotation's state. */
export function useAnnouncements(view: QuotationView): void {
  const { t } = useT();
  const last = useRef(view);
  useEffect(() => {
    const before = last.current;
    last.current = view;
    for (const offer of Object.values(view.offers ?? {})) {
      const known = before.offers?.[offer.id];
      const hotel = hotelName(view, offer.hotel_id);
      if (!known) announce(t('grid.new', { hotel }));
      else if (known.revision !== offer.revision) announce(t('grid.revised', { hotel }));
    }
    if (view.state && view.state !== before.state) announce(t(`state.${view.state}`));
  }, [view]);
}
