/** A hotel's own allotment: what it lets the platform sell. */
import { useT } from '@/i18n';
import { useMe } from '@/live/hooks';
import { AllotmentMonth } from '@/pages/catalogue/AllotmentMonth';
import classes from './Invitations.module.css';

export default function Allotment() {
  const { t } = useT();
  const me = useMe();
  return (
    <div className={classes.page}>
      <h1>{t('nav.allotment')}</h1>
      {me.hotel_id && <AllotmentMonth hotelId={me.hotel_id} />}
    </div>
  );
}
