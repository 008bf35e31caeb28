/** Documents to open, each with a picture of its first page. */
import { IconFileTypePdf } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import type { QuotationView } from '@/live/protocol';
import { getFile } from '@/rest/client';
import classes from './Documents.module.css';
import { showRefusal } from './refusals';
import { pathOf, useDocuments, type Kind } from './useDocuments';

const KEPT = 60_000;

export function Documents({ view }: { view: QuotationView }) {
  const { t, language } = useT();
  const printed = useDocuments(view, language);
  const [opening, setOpening] = useState<Kind | null>(null);
  if (!printed.length) return null;
  const open = async (kind: Kind): Promise<void> => {
    setOpening(kind);
    try {
      show(await getFile(pathOf(view.id!, kind, language, 'pdf')));
    } catch (error) {
      showRefusal(error);
    } finally {
      setOpening(null);
    }
  };
  return (
    <section className={`card ${classes.documents}`} data-testid="documents">
      <h2>{t('documents.title')}</h2>
      <ul>
        {printed.map(({ kind, picture }) => (
          <li key={kind}>
            <button
              type="button"
              onClick={() => void open(kind)}
              disabled={opening === kind}
              data-testid={`document-${kind}`}
              aria-label={t('documents.open', { name: t(`documents.${kind}`) })}
            >
              {picture ? <img src={picture} alt="" /> : <span className={classes.waiting} aria-hidden />}
              <span>
                <IconFileTypePdf size={15} aria-hidden /> {t(`documents.${kind}`)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** In a tab of its own, where the browser shows it or saves it. */
function show(file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href: url, target: '_blank', rel: 'noopener' });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}
