/** The terms, edited in place. */
import { useEffect, useState, type ReactNode } from 'react';
import { useT } from '@/i18n';
import { nights } from '@/lib/stay';
import { useMe } from '@/live/hooks';
import type { QuotationView, RoomType, Weight } from '@/live/protocol';
import { get } from '@/rest/client';
import { ChoiceTerm, SwitchTerm, type Choice } from '@/ui/fields/ChoiceTerm';
import { DatesTerm, DeadlineTerm } from '@/ui/fields/DateTerms';
import { TextTerm } from '@/ui/fields/TextTerm';
import { ages, day, line, lines, useTypings, whole } from '@/ui/fields/typings';
import { CURRENCIES } from './currencies';
import classes from './Terms.module.css';

const ROOMS: RoomType[] = ['single', 'double', 'twin', 'triple', 'suite'];
const MEALS = ['RO', 'BB', 'HB', 'FB', 'AI'] as const;
const WEIGHTS: Weight[] = ['price', 'rating', 'services', 'cancellation', 'speed'];
const PRIVACY = [
  // Whether the setting may be moved to this value after the draft, where it may only be tightened.
  ['hide_competitor_prices', true],
  ['show_own_rank', false],
  ['reveal_prices_after_deadline', false],
] as const;

export function Terms({ view }: { view: QuotationView }) {
  const { t } = useT();
  const { percent, money } = useTypings();
  const me = useMe();
  const { id } = view;
  const stay = nights(view.check_in, view.check_out);
  const pax = (view.adults ?? 0) + (view.children_ages?.length ?? 0);
  const rooms = Object.values(view.rooms ?? {}).reduce((sum, count) => sum + count, 0);
  const budget = money(view.currency);
  return (
    <div className={classes.terms} data-testid="terms">
      <Section title={t('section.trip')} note={stay ? t('unit.nights', { count: stay }) : undefined}>
        <TextTerm id={id} field="destination" label={t('term.destination')} typing={line} />
        <DatesTerm id={id} />
        <ChoiceTerm
          id={id}
          field="meal_plan"
          label={t('term.meal_plan')}
          choices={MEALS.map((value) => ({ value, label: `${value} · ${t(`meal.${value}`)}` }))}
        />
        <TextTerm
          id={id}
          field="special_requirements"
          label={t('term.special_requirements')}
          typing={lines}
          multiline
          placeholder={t('terms.lines_hint')}
        />
      </Section>
      <Section title={t('section.group')} note={groupNote(pax, rooms, t)}>
        <div className={classes.two}>
          <TextTerm id={id} field="adults" label={t('term.adults')} typing={whole} />
          <TextTerm
            id={id}
            field="children_ages"
            label={t('term.children_ages')}
            typing={ages}
            placeholder={t('terms.ages_hint')}
          />
        </div>
        <div className={classes.rooms}>
          {ROOMS.map((type) => (
            <TextTerm key={type} id={id} field={`rooms.${type}`} label={t(`room.${type}`)} typing={whole} placeholder="0" />
          ))}
        </div>
        <Clients view={view} />
      </Section>
      <Section title={t('section.money')}>
        <ChoiceTerm
          id={id}
          field="currency"
          label={t('term.currency')}
          choices={CURRENCIES.map((value) => ({ value, label: value }))}
        />
        <div className={classes.two}>
          <TextTerm id={id} field="budget.min" label={t('term.budget.min')} typing={budget} />
          <TextTerm id={id} field="budget.max" label={t('term.budget.max')} typing={budget} />
        </div>
        <div className={classes.two}>
          <TextTerm id={id} field="markup_percent" label={`${t('term.markup_percent')} %`} typing={percent} />
          {me.role === 'admin' && (
            <TextTerm id={id} field="margin_percent" label={`${t('term.margin_percent')} %`} typing={percent} />
          )}
          <TextTerm id={id} field="deposit.percent" label={t('terms.deposit_percent')} typing={percent} />
        </div>
        {view.deposit?.percent !== undefined && (
          <div className={classes.two}>
            <TextTerm id={id} field="deposit.due" label={t('terms.deposit_due')} typing={day} type="date" />
            <SwitchTerm id={id} field="deposit.required" label={t('terms.deposit_required')} />
          </div>
        )}
      </Section>
      <Section title={t('section.round')}>
        <DeadlineTerm id={id} />
        <TextTerm id={id} field="min_offers" label={t('term.min_offers')} typing={whole} />
        <SwitchTerm id={id} field="auto_award" label={t('term.auto_award')} />
        <details className={classes.more}>
          <summary>{t('weights.title')}</summary>
          <div className={classes.weights}>
            {WEIGHTS.map((weight) => (
              <TextTerm key={weight} id={id} field={`weights.${weight}`} label={t(`part.${weight}`)} typing={percent} />
            ))}
          </div>
        </details>
        <details className={classes.more}>
          <summary>{t('section.privacy')}</summary>
          {PRIVACY.map(([name, tighter]) => (
            <SwitchTerm
              key={name}
              id={id}
              field={`privacy.${name}`}
              label={t(`privacy.${name}`)}
              only={view.state === 'draft' ? undefined : tighter}
            />
          ))}
        </details>
      </Section>
    </div>
  );
}

function Section({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <h2>
        <span className="eyebrow">{title}</span>
        {note && <small className="num">{note}</small>}
      </h2>
      {children}
    </section>
  );
}

function groupNote(pax: number, rooms: number, t: ReturnType<typeof useT>['t']): string | undefined {
  const parts = [pax && t('unit.pax', { count: pax }), rooms && t('unit.rooms', { count: rooms })].filter(Boolean);
  return parts.join(', ') || undefined;
}

interface ClientItem {
  id: string;
  name: string;
}

/** The agency's clients to choose from. */
function Clients({ view }: { view: QuotationView }) {
  const { t } = useT();
  const [clients, setClients] = useState<ClientItem[]>([]);
  useEffect(() => {
    get<{ items: ClientItem[] }>('/clients').then(({ items }) => setClients(items), () => setClients([]));
  }, []);
  const known: ClientItem[] = view.client?.id ? [{ id: view.client.id, name: view.client.name ?? view.client.id }] : [];
  const choices: Choice[] = [...known, ...clients.filter(({ id }) => id !== view.client?.id)].map(({ id, name }) => ({
    value: id,
    label: name,
  }));
  return <ChoiceTerm id={view.id} field="client_id" label={t('term.client_id')} choices={choices} empty={t('terms.no_client')} />;
}
