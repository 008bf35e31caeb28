/** Offers side by side: rows are what is compared, columns are hotels. */
import { Button, Switch, Tooltip } from '@mantine/core';
import { IconHourglass, IconSend, IconTrophy } from '@tabler/icons-react';
import { tableFeatures, useTable, type ColumnDef } from '@tanstack/react-table';
import { useMemo, useRef, useState } from 'react';
import { useT } from '@/i18n';
import type { Offer, QuotationView } from '@/live/protocol';
import { OfferBadge } from '@/ui/Badge';
import { Face } from '@/ui/People';
import { Notice } from '@/ui/states';
import { AwardDialog } from './AwardDialog';
import { useComparedRows, type ComparedRow } from './compared';
import { Invited } from './Invited';
import classes from './OffersGrid.module.css';
import { hotelName, inOrder } from './offers';

const features = tableFeatures({});

export function OffersGrid({ view }: { view: QuotationView }) {
  const { t } = useT();
  const offers = useMemo(() => inOrder(view), [view.offers]);
  const asked = Object.keys(view.invitations ?? {}).length;
  if (offers.length === 0 && view.state === 'draft') {
    return <Notice icon={<IconSend size={24} />} title={t('grid.draft')} hint={t('grid.draft_hint')} />;
  }
  return (
    <>
      {offers.length === 0 && (
        <Notice icon={<IconHourglass size={24} />} title={t('grid.empty')} hint={t('grid.empty_hint', { count: asked })} />
      )}
      {offers.length > 0 && <Grid view={view} offers={offers} />}
      <Invited view={view} />
    </>
  );
}

function Grid({ view, offers }: { view: QuotationView; offers: Offer[] }) {
  const { t } = useT();
  const [onlyDifferences, setOnlyDifferences] = useState(false);
  const [awarding, setAwarding] = useState<Offer | null>(null);
  const rows = useComparedRows(view, offers);
  const data = useMemo(() => rows.filter((row) => row.differs || !onlyDifferences), [rows, onlyDifferences]);
  const columns = useMemo<ColumnDef<typeof features, ComparedRow>[]>(
    () => offers.map((offer, index) => ({ id: offer.id, accessorFn: (row) => row.cells[index]?.text })),
    [offers],
  );
  const table = useTable({ features, columns, data, getRowId: (row) => row.key });
  const glow = useGlow(offers);
  const choosable = view.state === 'published' || view.state === 'reviewing';
  return (
    <section className={classes.section}>
      <div className={classes.tools}>
        <span className="muted">{view.currency}</span>
        <Switch
          label={t('grid.differences')}
          checked={onlyDifferences}
          onChange={(event) => setOnlyDifferences(event.currentTarget.checked)}
          disabled={offers.length < 2}
          data-testid="differences-only"
        />
      </div>
      <div className={classes.scroll}>
        <table className={classes.grid} data-testid="offers-grid" aria-label={t('grid.label')}>
          <thead>
            <tr>
              <td />
              {offers.map((offer) => (
                <th
                  key={`${offer.id}/${offer.revision}`}
                  scope="col"
                  data-testid="offer-column"
                  data-hotel={offer.hotel_id}
                  data-chosen={offer.id === view.awarded_offer_id || undefined}
                  data-glow={glow(offer) || undefined}
                >
                  <OfferHead view={view} offer={offer} />
                  {choosable && offer.state !== 'withdrawn' && (
                    <Button
                      size="compact-xs"
                      variant="light"
                      leftSection={<IconTrophy size={13} />}
                      onClick={() => setAwarding(offer)}
                      data-testid={`award-${offer.hotel_id}`}
                    >
                      {t('act.award')}
                    </Button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map((row) => (
              <tr key={row.id} data-strong={row.original.strong || undefined}>
                <th scope="row">{row.original.label}</th>
                {row.getAllCells().map((cell, index) => {
                  const offer = offers[index]!;
                  const value = row.original.cells[index]!;
                  return (
                    <td
                      key={`${cell.id}/${offer.revision}`}
                      data-numeric={row.original.numeric || undefined}
                      data-best={value.best || undefined}
                      data-chosen={offer.id === view.awarded_offer_id || undefined}
                      data-glow={glow(offer) || undefined}
                    >
                      {value.text}
                      {value.best && <span className="visually-hidden"> ({t('grid.best')})</span>}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {awarding && <AwardDialog view={view} offer={awarding} onClose={() => setAwarding(null)} />}
    </section>
  );
}

function OfferHead({ view, offer }: { view: QuotationView; offer: Offer }) {
  const { t } = useT();
  const name = hotelName(view, offer.hotel_id);
  return (
    <div className={classes.hotel} data-withdrawn={offer.state === 'withdrawn' || undefined}>
      <Face member={{ id: offer.hotel_id, name }} size={22} />
      <span>
        <b>{name}</b>
        {offer.state && (
          <Tooltip label={t('act.reminder_outdated')} disabled={offer.state !== 'outdated'}>
            <span>
              <OfferBadge state={offer.state} />
            </span>
          </Tooltip>
        )}
        {(offer.revision ?? 1) > 1 && <small>{t('row.revision', { count: offer.revision })}</small>}
      </span>
    </div>
  );
}

/** Offers and revisions that came while one looks; those that were there at first do not glow. */
function useGlow(offers: Offer[]): (offer: Offer) => boolean {
  const seen = useRef<Set<string> | null>(null);
  const name = (offer: Offer): string => `${offer.id}/${offer.revision}`;
  seen.current ??= new Set(offers.map(name));
  return (offer) => !seen.current!.has(name(offer));
}
