/** Two people changed the same thing: both values, and the choice. */
import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { useT } from '@/i18n';
import { keepMine, takeTheirs } from '@/live/edits';
import type { JsonObject } from '@/live/protocol';
import type { Conflict } from '@/live/state';
import { useTermWords } from '@/lib/terms';
import { announce } from '@/ui/announce';
import { showRefusal } from '@/ui/refusals';
import { Ago } from '@/ui/Time';
import classes from './ConflictCard.module.css';
import type { Term } from './useTerm';

export function ConflictCard({ term, conflict }: { term: Term; conflict: Conflict }) {
  const { t } = useT();
  useEffect(() => announce(t('conflict.title')), [conflict]);
  const name = conflict.by?.name ?? t('conflict.somebody');
  return (
    <section className={classes.card} aria-label={t('conflict.title')} data-testid="conflict-card">
      <dl>
        <dt>
          {t('conflict.theirs', { name })} <Ago at={conflict.at} />
        </dt>
        <dd data-testid="conflict-theirs">
          <Values of={conflict.theirs} />
        </dd>
        <dt>{t('conflict.mine')}</dt>
        <dd data-testid="conflict-mine">
          <Values of={conflict.mine} />
        </dd>
      </dl>
      <div className={classes.choice}>
        <Button
          size="compact-xs"
          onClick={() => void keepMine(term.id, term.group).catch(showRefusal)}
          data-testid="conflict-keep"
        >
          {t('conflict.keep')}
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => takeTheirs(term.id, term.group)}
          data-testid="conflict-take"
        >
          {t('conflict.take')}
        </Button>
      </div>
    </section>
  );
}

function Values({ of }: { of: JsonObject }) {
  const words = useTermWords();
  const entries = Object.entries(of);
  return entries.map(([field, value]) => (
    <span key={field} className={classes.value}>
      {entries.length > 1 && `${words.name(field)}: `}
      {words.value(field, value)}
    </span>
  ));
}
