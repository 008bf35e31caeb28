/** What the dashboard's figures come to. Numbers here only place points on the screen and make rates. */
import type { components } from '@/generated/api';
import { add } from '@/lib/decimal';
import type { QuotationState } from '@/live/protocol';

export type Dashboard = components['schemas']['DashboardView'];
export type Week = Dashboard['weeks'][number];
export type Stage = keyof Dashboard['funnel'];

export const STATES: readonly QuotationState[] = [
  'draft',
  'published',
  'reviewing',
  'awarded',
  'accepted',
  'deposit_paid',
  'confirmed',
  'completed',
  'cancelled',
  'expired',
];
const OVER: readonly QuotationState[] = ['completed', 'cancelled', 'expired'];
export const STAGES = ['published', 'offered', 'awarded', 'accepted', 'confirmed'] as const satisfies readonly Stage[];

export interface Step {
  stage: Stage;
  count: number;
  /** Of the step before and of all, in percent; null where there was none. */
  ofStep: string | null;
  ofAll: string | null;
}

const rate = (part: number, whole: number): string | null => (whole > 0 ? ((100 * part) / whole).toFixed(0) : null);

export function funnelOf({ funnel }: Dashboard): Step[] {
  return STAGES.map((stage, index) => {
    const count = funnel[stage] ?? 0;
    const before = index === 0 ? 0 : (funnel[STAGES[index - 1]!] ?? 0);
    return { stage, count, ofStep: rate(count, before), ofAll: index === 0 ? null : rate(count, funnel.published ?? 0) };
  });
}

export const statesOf = ({ states }: Dashboard): { state: QuotationState; count: number }[] =>
  STATES.map((state) => ({ state, count: states[state] ?? 0 })).filter(({ count }) => count > 0);

export const openOf = ({ states }: Dashboard): number =>
  STATES.filter((state) => !OVER.includes(state)).reduce((sum, state) => sum + (states[state] ?? 0), 0);

export const conversionOf = ({ funnel }: Dashboard): string | null => rate(funnel.confirmed ?? 0, funnel.published ?? 0);

export const answeredOf = ({ answers }: Dashboard): string | null => rate(answers.answered, answers.invited);

/** What was accepted in all the weeks, by currency. */
export function valuesOf({ weeks }: Dashboard): { currency: string; amount: string }[] {
  const sums = new Map<string, string>();
  for (const { values } of weeks) {
    for (const { currency, amount } of values) sums.set(currency, add(sums.get(currency) ?? '0', amount));
  }
  return [...sums].sort().map(([currency, amount]) => ({ currency, amount }));
}

export const valueIn = ({ values }: Week, currency: string): string =>
  values.find((value) => value.currency === currency)?.amount ?? '0';

export const isEmpty = (figures: Dashboard): boolean =>
  statesOf(figures).length === 0 && figures.answers.invited === 0 && (figures.funnel.published ?? 0) === 0;
