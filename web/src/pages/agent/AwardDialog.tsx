import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import type { Offer, QuotationView } from '@/live/protocol';
import { Ask, useCommand } from '@/ui/Ask';
import classes from './dialogs.module.css';
import { hotelName } from './offers';

export function AwardDialog({ view, offer, onClose }: { view: QuotationView; offer: Offer; onClose: () => void }) {
  const { t } = useT();
  const format = useFormat();
  const { busy, run } = useCommand(onClose);
  const hotel = hotelName(view, offer.hotel_id);
  return (
    <Ask
      title={t('act.award_title', { hotel })}
      action={t('act.award')}
      busy={busy}
      onClose={onClose}
      onConfirm={() => void run('quotation.award', { quotation_id: view.id, offer_id: offer.id })}
    >
      {offer.state === 'outdated' && <p className={classes.warn}>{t('act.reminder_outdated')}</p>}
      {offer.selling_total && (
        <p className={classes.price}>
          <b className="num">{format.money(offer.selling_total)}</b>
          {offer.selling_per_person && (
            <span className="num">
              {format.money(offer.selling_per_person)} {t('price.per_person')}
            </span>
          )}
        </p>
      )}
      <p className={classes.hint}>{t('act.award_hint')}</p>
    </Ask>
  );
}
