/** Who did, read or was refused what, in all of it. */
import { useEffect } from 'react';
import { addMessages, useT } from '@/i18n';
import { admin } from '@/i18n/messages/admin';
import { useAudit } from './audit';
import { AuditTable } from './AuditTable';
import classes from './Tables.module.css';

addMessages(admin);

const EVERY_MS = 10_000;

export default function AuditPage() {
  const { t } = useT();
  const audit = useAudit('/audit');
  useEffect(() => {
    const timer = setInterval(audit.reload, EVERY_MS);
    return () => clearInterval(timer);
  }, [audit.reload]);
  return (
    <div className={classes.page}>
      <h1>{t('nav.audit')}</h1>
      <AuditTable audit={audit} whole />
    </div>
  );
}
