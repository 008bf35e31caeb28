/** The proposal: what it costs in all and each, by size of the group, what is in it, and the answer to it. */
import { Button } from '@mantine/core';
import { IconBed, IconCheck, IconPlus, IconToolsKitchen2, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import type { Offer, QuotationView } from '@/live/protocol';
import { Ask, Reason, useCommand } from '@/ui/Ask';
import { Cancellation } from '@/ui/Cancellation';
import { bandOf, bySize } from './journey';
import classes from './Proposal.module.css';

export function Proposal({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const { selling } = view;
  const offer = Object.values(view.offers ?? {})[0];
  return (
    <section className={`card ${classes.proposal}`} data-testid="proposal" aria-label={t('proposal.title')}>
      <header>
        <h2 className="eyebrow">{t('proposal.title')}</h2>
        {selling?.total && (
          <p className={classes.total} data-testid="selling-total">
            <small>{selling.total.currency}</small> <b className="num">{format.amount(selling.total)}</b>
          </p>
        )}
        {selling?.per_person && <p className="num muted">{t('proposal.each', { amount: format.money(selling.per_person) })}</p>}
        {selling?.taxes?.map(({ name, percent, amount }) => (
          <p key={name} className="num muted" data-testid="selling-tax">
            {t('proposal.tax', { name, percent: format.percent(percent), amount: format.money(amount) })}
          </p>
        ))}
      </header>
      {offer && <Stay offer={offer} view={view} />}
      <Bands view={view} />
      {offer?.cancellation && offer.cancellation.length > 0 && (
        <div className={classes.part}>
          <h3>{t('cancellation.title')}</h3>
          <Cancellation stages={offer.cancellation} checkIn={view.check_in} />
        </div>
      )}
      {view.state === 'awarded' && <Answer id={view.id!} />}
    </section>
  );
}

function Stay({ offer, view }: { offer: Offer; view: QuotationView }) {
  const { t } = useT();
  const rooms = Object.entries(view.rooms ?? {}).filter(([, count]) => count > 0);
  return (
    <div className={classes.part}>
      <ul className={classes.stay}>
        <li>
          <IconBed size={17} aria-hidden />
          <span>
            <b>{offer.hotel_name}</b>
            <small>{rooms.map(([type, count]) => `${count} ${t(`room.${type as 'single'}`)}`).join(' · ')}</small>
          </span>
        </li>
        {offer.board && (
          <li>
            <IconToolsKitchen2 size={17} aria-hidden />
            <span>{t(`meal.${offer.board}`)}</span>
          </li>
        )}
      </ul>
      <Services icon="in" items={offer.included_services} label={t('proposal.included')} />
      <Services icon="out" items={offer.excluded_services} label={t('proposal.excluded')} />
      <Services icon="in" items={programmeOf(view)} label={t('proposal.programme')} />
      <Services icon="more" items={offer.optional_services?.map(({ name }) => name)} label={t('proposal.optional')} />
    </div>
  );
}

/** The programme's items by their names, with how often, and the hotel's services that were chosen. */
function programmeOf(view: QuotationView): string[] {
  const items = Object.values(view.programme_items ?? {}).map(({ name, times }) => (times > 1 ? `${times} × ${name}` : name));
  return [...items.sort(), ...(view.programme?.services ?? [])];
}

const ICONS = { in: IconCheck, out: IconX, more: IconPlus } as const;

function Services(props: { icon: keyof typeof ICONS; items?: readonly string[]; label: string }) {
  const Icon = ICONS[props.icon];
  if (!props.items?.length) return null;
  return (
    <div className={classes.services} data-kind={props.icon}>
      <h3>{props.label}</h3>
      <ul>
        {props.items.map((item) => (
          <li key={item}>
            <Icon size={13} aria-hidden /> {item}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Prices by size of the group; one line when they are all the same. */
function Bands({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const { selling } = view;
  const bands = selling?.bands ?? {};
  const names = bySize(Object.keys(bands));
  if (!selling || !names.length) return null;
  const pax = (view.adults ?? 0) + (view.children_ages?.length ?? 0);
  const mine = bandOf(names, pax);
  const alike = new Set(names.map((name) => bands[name]!.amount)).size === 1;
  return (
    <div className={classes.part}>
      <table className={classes.bands}>
        <caption>{t('proposal.sharing', { currency: view.currency })}</caption>
        <tbody>
          {(alike ? [] : names).map((name) => (
            <tr key={name} data-mine={name === mine || undefined}>
              <th scope="row">
                {t('proposal.band', { band: name.replace('-', '–') })}
                {name === mine && <small>{t('proposal.yours', { count: pax })}</small>}
              </th>
              <td className="num">{format.amount(bands[name]!)}</td>
            </tr>
          ))}
          {alike && (
            <tr>
              <th scope="row">{t('proposal.any_size')}</th>
              <td className="num">{format.amount(bands[names[0]!]!)}</td>
            </tr>
          )}
          {selling.single_supplement && (
            <tr>
              <th scope="row">{t('proposal.single')}</th>
              <td className="num">+{format.amount(selling.single_supplement)}</td>
            </tr>
          )}
          {selling.triple_reduction && (
            <tr>
              <th scope="row">{t('proposal.triple')}</th>
              <td className="num">−{format.amount(selling.triple_reduction)}</td>
            </tr>
          )}
          {bySize(Object.keys(selling.child_reductions ?? {})).map((ages) => (
            <tr key={ages} data-testid="child-reduction">
              <th scope="row">{t('proposal.child', { ages: ages.replace('-', '–') })}</th>
              <td className="num">−{format.amount(selling.child_reductions![ages]!)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Answer({ id }: { id: string }) {
  const { t } = useT();
  const [asking, setAsking] = useState<'accept' | 'reject' | null>(null);
  const close = (): void => setAsking(null);
  return (
    <footer className={classes.answer}>
      <Button size="md" onClick={() => setAsking('accept')} data-testid="trip-accept">
        {t('trip.accept')}
      </Button>
      <Button size="md" variant="default" onClick={() => setAsking('reject')} data-testid="trip-reject">
        {t('trip.reject')}
      </Button>
      {asking === 'accept' && <AcceptDialog id={id} onClose={close} />}
      {asking === 'reject' && <RejectDialog id={id} onClose={close} />}
    </footer>
  );
}

function AcceptDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useT();
  const { busy, run } = useCommand(onClose);
  return (
    <Ask
      title={t('trip.accept_title')}
      action={t('trip.accept')}
      busy={busy}
      onClose={onClose}
      onConfirm={() => void run('quotation.accept', { quotation_id: id })}
    >
      <p>{t('trip.accept_hint')}</p>
    </Ask>
  );
}

function RejectDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useT();
  const [reason, setReason] = useState('');
  const { busy, run } = useCommand(onClose);
  return (
    <Ask
      title={t('trip.reject_title')}
      action={t('trip.reject_send')}
      busy={busy}
      ready={reason.trim() !== ''}
      onClose={onClose}
      onConfirm={() => void run('quotation.reject', { quotation_id: id, reason: reason.trim() })}
    >
      <p>{t('trip.reject_hint')}</p>
      <Reason value={reason} onChange={setReason} />
    </Ask>
  );
}
