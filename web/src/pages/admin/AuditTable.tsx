/** Rows of the audit, deeds only unless all is asked for. */
import { Button, Switch } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { quotationPath } from '@/app/pages';
import { useT, type Key } from '@/i18n';
import type { AuditItem } from '@/live/protocol';
import { Face } from '@/ui/People';
import { Notice, PageError, Rows } from '@/ui/states';
import { At } from '@/ui/Time';
import { isDeed, useNames, type Audit } from './audit';
import classes from './Tables.module.css';

/** `whole` is of everything there is: with what each row was about, and who only looked. */
export function AuditTable({ audit, whole }: { audit: Audit; whole?: boolean }) {
  const { t } = useT();
  const nameOf = useNames();
  const [all, setAll] = useState(whole === true);
  const { rows, failed, reload, more } = audit;
  if (!rows) return failed ? <PageError onRetry={reload} /> : <Rows count={6} height={36} />;
  const shown = all ? rows : rows.filter(isDeed);
  return (
    <section data-testid="audit">
      <header className={classes.head}>
        <Switch label={t('audit.all')} checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
      </header>
      {shown.length === 0 && <Notice icon={<IconShieldCheck size={26} />} title={t('audit.none')} hint={t('audit.none_hint')} />}
      {shown.length > 0 && (
        <div className={`card ${classes.scroll}`} data-whole={whole || undefined} tabIndex={0} role="region" aria-label={t('nav.audit')}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('audit.at')}</th>
                <th scope="col">{t('audit.who')}</th>
                <th scope="col">{t('audit.action')}</th>
                {whole && <th scope="col">{t('audit.subject')}</th>}
                <th scope="col">{t('audit.detail')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <Row key={row.id} row={row} name={nameOf(row.user_id)} withSubject={whole === true} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {more && (
        <p className={classes.more}>
          <Button variant="default" onClick={more}>
            {t('audit.more')}
          </Button>
        </p>
      )}
    </section>
  );
}

function Row({ row, name, withSubject }: { row: AuditItem; name: string; withSubject: boolean }) {
  const { t, has } = useT();
  const key = `audit.${row.action}`;
  const refused = row.outcome !== 'ok' && row.outcome;
  const detail = Object.entries(row.detail).map(([field, value]) => `${field}: ${value}`);
  return (
    <tr data-testid="audit-row" data-action={row.action}>
      <td className={classes.quiet}>
        <At at={row.at} />
      </td>
      <td>
        <span className={classes.person}>
          <Face member={{ id: row.user_id, name }} size={20} /> {name}
        </span>
      </td>
      <th scope="row">{has(key) ? t(key as Key) : <code>{row.action}</code>}</th>
      {withSubject && (
        <td className={classes.quiet}>
          <Subject of={row.subject} />
        </td>
      )}
      <td className={`${classes.wraps} ${refused ? classes.outcome : classes.quiet}`}>
        {refused && <code>{refused}</code>}
        {refused && detail.length > 0 && ' · '}
        {detail.join(' · ')}
      </td>
    </tr>
  );
}

/** The end of an id tells things apart well enough; quotations can be opened. */
function Subject({ of }: { of: string }) {
  const [kind = '', id = ''] = of.split(':');
  if (kind !== 'quotation' || !id) return <code>{of}</code>;
  return (
    <Link href={quotationPath('admin', id)} title={of}>
      {kind} …{id.slice(-6)}
    </Link>
  );
}
