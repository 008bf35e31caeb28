/** What is compared between offers: one row each, with how it reads and which value is best. */
import { useMemo } from 'react';
import { useT, type Key, type Translate } from '@/i18n';
import { compare, subtract } from '@/lib/decimal';
import { useFormat, type Format } from '@/lib/format';
import type { Money, Offer, QuotationView, RoomType } from '@/live/protocol';
import { agencyPrice, soldFor } from './offers';

export interface ComparedRow {
  key: string;
  label: string;
  numeric: boolean;
  strong: boolean;
  cells: { text: string; best: boolean }[];
  differs: boolean;
}

interface Reading {
  text: string;
  /** What is compared; the highest wins, or the lowest where `lowest`. */
  weight?: string;
}

interface Kind {
  key: string;
  label: string;
  read: (offer: Offer) => Reading | null;
  lowest?: boolean;
  numeric?: boolean;
  strong?: boolean;
}

const NONE = '–';

export function useComparedRows(view: QuotationView, offers: Offer[]): ComparedRow[] {
  const { t, language } = useT();
  const format = useFormat();
  return useMemo(
    () => kindsOf(view, offers, t, format).map((kind) => compareRow(kind, offers)).filter((row) => row !== null),
    [view, offers, language],
  );
}

function compareRow(kind: Kind, offers: Offer[]): ComparedRow | null {
  const readings = offers.map(kind.read);
  if (readings.every((reading) => reading === null)) return null;
  const weights = readings.map((reading) => reading?.weight).filter((weight) => weight !== undefined);
  const texts = readings.map((reading) => reading?.text ?? NONE);
  const differs = new Set(texts).size > 1;
  const best = differs && weights.length > 1 ? bestOf(weights, kind.lowest === true) : null;
  return {
    key: kind.key,
    label: kind.label,
    numeric: kind.numeric === true,
    strong: kind.strong === true,
    differs,
    cells: readings.map((reading, index) => ({
      text: texts[index]!,
      best: best !== null && reading?.weight !== undefined && compare(reading.weight, best) === 0,
    })),
  };
}

const bestOf = (weights: string[], lowest: boolean): string =>
  weights.reduce((best, weight) => (compare(weight, best) < 0 === lowest ? weight : best));

function kindsOf(view: QuotationView, offers: Offer[], t: Translate, format: Format): Kind[] {
  const amount = (key: Key, of: (offer: Offer) => Money | undefined, more: Partial<Kind> = {}): Kind => ({
    key,
    label: t(key),
    numeric: true,
    lowest: true,
    ...more,
    read: (offer) => {
      const money = of(offer);
      return money ? { text: format.amount(money), weight: money.amount } : null;
    },
  });
  const words = (key: Key, of: (offer: Offer) => string | null | undefined): Kind => ({
    key,
    label: t(key),
    read: (offer) => {
      const text = of(offer);
      return text ? { text } : null;
    },
  });
  const rating = (offer: Offer): string | undefined => view.invitations?.[offer.hotel_id]?.rating;
  return [
    { key: 'rank', label: t('row.rank'), numeric: true, read: ({ rank, score }) => rankReading(rank, score, format) },
    amount('row.selling_total', (offer) => offer.selling_total, { strong: true }),
    amount('row.selling_per_person', (offer) => offer.selling_per_person),
    amount('row.agency_total', agencyPrice),
    amount('row.profit', profitOf, { lowest: false }),
    amount('row.net_total', (offer) => offer.net_total),
    { key: 'rating', label: t('row.rating'), numeric: true, read: (offer) => ratingReading(rating(offer)) },
    ...roomKinds(offers, t, format),
    amount('row.supplement', (offer) => offer.agency_supplement ?? offer.single_supplement),
    amount('row.reduction', (offer) => offer.agency_reduction ?? offer.triple_reduction, { lowest: false }),
    words('row.commission', (offer) => offer.commission_percent && format.percent(offer.commission_percent)),
    words('row.board', (offer) => offer.board && t(`meal.${offer.board}`)),
    words('row.foc', ({ foc }) => foc && t('value.foc', { free: foc.free, per: foc.per })),
    words('row.included', (offer) => offer.included_services?.join(', ')),
    words('row.excluded', (offer) => offer.excluded_services?.join(', ')),
    words('row.guaranteed', (offer) => t(offer.guaranteed ? 'value.guaranteed' : 'value.on_request')),
    words('row.option', (offer) => offer.option_until && format.time(offer.option_until)),
    words('row.release', (offer) => offer.release_date && format.day(offer.release_date)),
    words('row.allotment', (offer) => offer.allotment?.toString()),
    words('row.attrition', (offer) => offer.attrition_percent && format.percent(offer.attrition_percent)),
    words('row.cancellation', (offer) => cancellationText(offer, t, format)),
    words('row.taxes', (offer) => taxText(offer, format)),
    words('row.valid', (offer) => offer.valid_until && format.time(offer.valid_until)),
    words('row.notes', (offer) => offer.notes),
  ];
}

function rankReading(rank: number | undefined, score: string | undefined, format: Format): Reading | null {
  if (rank === undefined) return null;
  const shown = score === undefined ? '' : ` · ${format.decimal(score, 1)}`;
  return { text: `${rank}${shown}`, weight: `-${rank}` };
}

const ratingReading = (rating: string | undefined): Reading | null =>
  rating ? { text: `★ ${rating}`, weight: rating } : null;

function profitOf(offer: Offer): Money | undefined {
  const [sold, agency] = [soldFor(offer), agencyPrice(offer)];
  if (!sold || !agency) return undefined;
  return { amount: subtract(sold.amount, agency.amount), currency: sold.currency };
}

function roomKinds(offers: Offer[], t: Translate, format: Format): Kind[] {
  const types = [...new Set(offers.flatMap((offer) => (offer.rooms ?? []).map((room) => room.type)))];
  const order: RoomType[] = ['single', 'double', 'twin', 'triple', 'suite'];
  return order
    .filter((type) => types.includes(type))
    .map((type) => ({
      key: `room.${type}`,
      label: t('row.rate', { room: t(`room.${type}`) }),
      numeric: true,
      lowest: true,
      read: (offer) => {
        const room = offer.rooms?.find((one) => one.type === type);
        const rate = room?.agency_rate ?? room?.net_rate;
        if (!room || !rate) return null;
        const each = room.per === 'person_night' ? ` ${t('value.per_person')}` : '';
        return { text: `${format.amount(rate)}${each}`, weight: each ? undefined : rate.amount };
      },
    }));
}

function cancellationText(offer: Offer, t: Translate, format: Format): string {
  return (offer.cancellation ?? [])
    .map((stage) => t('value.penalty', { days: stage.days_before, percent: format.percent(stage.penalty_percent) }))
    .join('; ');
}

function taxText(offer: Offer, format: Format): string {
  return (offer.agency_taxes ?? offer.taxes ?? [])
    .filter((tax) => !tax.included)
    .map((tax) => [tax.name, tax.amount ? format.money(tax.amount) : tax.percent && format.percent(tax.percent)].filter(Boolean).join(' '))
    .join('; ');
}
