import { useT } from '@/i18n';
import { Ask, useCommand } from '@/ui/Ask';

export function WithdrawDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useT();
  const { busy, run } = useCommand(onClose);
  return (
    <Ask
      title={t('offer.withdraw_title')}
      action={t('offer.withdraw')}
      danger
      busy={busy}
      onClose={onClose}
      onConfirm={() => void run('offer.withdraw', { quotation_id: id })}
    >
      <p>{t('offer.withdraw_hint')}</p>
    </Ask>
  );
}
