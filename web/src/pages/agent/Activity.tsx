/** Who is here, what they wrote for each other, and what happens. */
import { useMemo } from 'react';
import { useT, type Key } from '@/i18n';
import { useFormat } from '@/lib/format';
import { useTermWords } from '@/lib/terms';
import { useMe, useMembers, useRoom } from '@/live/hooks';
import type { Actor, Frame, QuotationView, VersionItem } from '@/live/protocol';
import { quotationRoom } from '@/live/state';
import { TextTerm } from '@/ui/fields/TextTerm';
import { prose } from '@/ui/fields/typings';
import { Face } from '@/ui/People';
import { Ago } from '@/ui/Time';
import classes from './Activity.module.css';
import { Grants } from './Grants';
import { hotelName } from './offers';
import { useVersions } from './versions';

export function Activity({ view }: { view: QuotationView }) {
  const { t } = useT();
  const me = useMe();
  return (
    <div className={classes.activity}>
      <People view={view} />
      <section className={classes.notes}>
        <TextTerm id={view.id} field="notes" label={t('term.notes')} typing={prose} multiline placeholder={t('notes.hint')} />
        <TextTerm
          id={view.id}
          field="internal_notes"
          label={t('term.internal_notes')}
          typing={prose}
          multiline
          placeholder={t('notes.hint')}
        />
      </section>
      {(me.role === 'admin' || Object.keys(view.grants ?? {}).length > 0) && <Grants view={view} />}
      <Feed view={view} />
    </div>
  );
}

function People({ view }: { view: QuotationView }) {
  const { t } = useT();
  const words = useTermWords();
  const me = useMe();
  const members = useMembers(view.id).filter((member) => member.id !== me.id);
  return (
    <section data-testid="people">
      <h2 className="eyebrow">{t('section.people')}</h2>
      {members.length === 0 && <p className={classes.alone}>{t('people.nobody')}</p>}
      <ul className={classes.people}>
        {members.map((member) => (
          <li key={member.id}>
            <Face member={member} size={22} />
            <span>
              {member.name}
              {member.typing && <small>{t('people.typing')}</small>}
              {!member.typing && member.focus && <small>{t('people.in', { field: words.name(member.focus) })}</small>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface Entry {
  id: string;
  at: string;
  by: Actor | null;
  text: string;
}

/** Live facts, and below them the versions that were made before one came. */
function Feed({ view }: { view: QuotationView }) {
  const { t } = useT();
  const { facts } = useRoom(quotationRoom(view.id));
  const tell = useTelling(view);
  const { items } = useVersions(view.id, undefined);
  const entries = useMemo(() => {
    const told = new Set(facts.map((fact) => fact.data.change?.version).filter((version) => version !== undefined));
    const before = (items ?? []).filter(({ version }) => !told.has(version)).map(tell.version);
    return [...before, ...facts.map(tell.fact)].reverse().sort((a, b) => b.at.localeCompare(a.at)).slice(0, 60);
  }, [facts, items, tell]);
  return (
    <section data-testid="activity">
      <h2 className="eyebrow">{t('activity.title')}</h2>
      {entries.length === 0 && <p className={classes.alone}>{t('activity.empty')}</p>}
      <ol className={classes.feed}>
        {entries.map(({ id, at, by, text }) => (
          <li key={id}>
            <Face member={{ id: by?.id ?? 'system', name: by?.name ?? t('people.system') }} size={20} />
            <span>
              {by && <b>{by.name}</b>} {text}
            </span>
            <Ago at={at} />
          </li>
        ))}
      </ol>
    </section>
  );
}

const NOT_TERMS = new Set(['version', 'offers', 'selling', 'running', 'choices', 'costing', 'invitations', 'state', 'client']);

function useTelling(view: QuotationView): { fact: (fact: Frame) => Entry; version: (item: VersionItem) => Entry } {
  const { t, has, language } = useT();
  const words = useTermWords();
  const format = useFormat();
  return useMemo(() => {
    const fields = (names: string[]): string => format.list([...new Set(names.map(words.name))]);
    const text = ({ name, data, by }: Frame): string => {
      const changed = Object.keys(data.change ?? {}).filter((field) => !NOT_TERMS.has(field));
      if (name === 'quotation.edited' && changed.length) return t('activity.edited', { fields: fields(changed) });
      const key = `fact.${name}`;
      const said = t((has(key) ? key : 'fact.other') as Key);
      const offer = Object.keys((data.change?.offers as object | undefined) ?? {})[0];
      const hotel = offer && view.offers?.[offer] ? hotelName(view, view.offers[offer].hotel_id) : null;
      return hotel && hotel !== by?.name ? `${said} · ${hotel}` : said;
    };
    return {
      fact: (fact) => ({ id: fact.id, at: fact.at, by: fact.by, text: text(fact) }),
      version: (item) => ({
        id: `v${item.version}`,
        at: item.at,
        by: item.by,
        text: item.changes.length
          ? t('activity.edited', { fields: fields(item.changes.map(({ field }) => field)) })
          : t('fact.quotation.created'),
      }),
    };
  }, [view.offers, view.invitations, language, words, format]);
}
