/** What concerns one quotation in the audit; read again whenever something happened in it. */
import { useEffect } from 'react';
import { addMessages } from '@/i18n';
import { admin } from '@/i18n/messages/admin';
import { useRoom } from '@/live/hooks';
import { quotationRoom } from '@/live/state';
import { useAudit } from './audit';
import { AuditTable } from './AuditTable';

addMessages(admin);

export default function QuotationAudit({ id }: { id: string }) {
  const audit = useAudit(`/quotations/${id}/audit`);
  const { seq } = useRoom(quotationRoom(id));
  useEffect(audit.reload, [audit.reload, seq]);
  return <AuditTable audit={audit} />;
}
