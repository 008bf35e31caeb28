/** Sending the request out: which hotels, by hand or by criteria, and until when. Also inviting more later. */
import { Checkbox, MultiSelect, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch, IconStarFilled } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useT } from '@/i18n';
import { useFormat } from '@/lib/format';
import { command, edit } from '@/live/edits';
import type { Criteria, Hotel, HotelSelection, JsonObject, QuotationView } from '@/live/protocol';
import { getAll } from '@/rest/client';
import { Ask } from '@/ui/Ask';
import { Moment } from '@/ui/fields/DateTerms';
import { showDone, showRefusal } from '@/ui/refusals';
import { PageError, Rows } from '@/ui/states';
import classes from './dialogs.module.css';

type Mode = HotelSelection['mode'] & string;

export function PublishDialog({ view, inviting, onClose }: { view: QuotationView; inviting: boolean; onClose: () => void }) {
  const { t } = useT();
  const selection = view.hotel_selection;
  const [mode, setMode] = useState<Mode>(inviting ? 'manual' : (selection?.mode ?? 'manual'));
  const [chosen, setChosen] = useState<string[]>(inviting ? [] : (selection?.hotel_ids ?? []));
  const [criteria, setCriteria] = useState<Criteria>(selection?.criteria ?? {});
  const [deadline, setDeadline] = useState<string | null>(view.deadline ?? null);
  const [busy, setBusy] = useState(false);
  const { hotels, failed, reload } = useHotels();
  const amenities = [...new Set((hotels ?? []).flatMap((hotel) => hotel.amenities))].sort();

  const send = async (): Promise<void> => {
    setBusy(true);
    try {
      if (inviting) await command('quotation.invite', { quotation_id: view.id, hotel_ids: chosen });
      else await publish();
      showDone(t('publish.done'));
      onClose();
    } catch (error) {
      showRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  const publish = async (): Promise<void> => {
    const hotel_ids = mode === 'automatic' ? [] : chosen;
    const next = { mode, hotel_ids, criteria: criteria as JsonObject };
    if (JSON.stringify(next) !== JSON.stringify(selection)) {
      await edit(view.id, 'hotel_selection', { hotel_selection: next }, view.version ?? 1);
    }
    const moved = deadline !== null && deadline !== view.deadline ? { deadline } : {};
    await command('quotation.publish', { quotation_id: view.id, hotel_ids, ...moved });
  };

  return (
    <Ask
      title={t(inviting ? 'act.invite' : 'publish.title')}
      action={t('publish.submit')}
      busy={busy}
      ready={mode === 'automatic' || chosen.length > 0 || mode === 'mixed'}
      onClose={onClose}
      onConfirm={() => void send()}
      size="lg"
    >
      {!inviting && <Missing view={view} />}
      {!inviting && (
        <SegmentedControl
          fullWidth
          aria-label={t('publish.mode')}
          value={mode}
          onChange={(value) => setMode(value as Mode)}
          data-testid="publish-mode"
          data={(['manual', 'automatic', 'mixed'] as const).map((value) => ({ value, label: t(`mode.${value}`) }))}
        />
      )}
      {mode !== 'manual' && <CriteriaForm criteria={criteria} onChange={setCriteria} amenities={amenities} />}
      {mode !== 'automatic' && failed && <PageError onRetry={reload} />}
      {mode !== 'automatic' && !failed && hotels === null && <Rows count={4} height={36} />}
      {mode !== 'automatic' && hotels && (
        <HotelPicker
          hotels={hotels.filter((hotel) => !(inviting && view.invitations?.[hotel.id]))}
          near={view.destination ?? ''}
          chosen={chosen}
          onChange={setChosen}
        />
      )}
      {!inviting && (
        <Moment
          label={`${t('term.deadline')} (${t('publish.default_deadline')})`}
          value={deadline}
          onChange={setDeadline}
          testid="publish-deadline"
        />
      )}
    </Ask>
  );
}

/** The catalogue; null while it is being read. */
export function useHotels(): { hotels: Hotel[] | null; failed: boolean; reload: () => void } {
  const [hotels, setHotels] = useState<Hotel[] | null>(null);
  const [failed, setFailed] = useState(false);
  const reload = (): void => {
    setFailed(false);
    getAll<Hotel>('/hotels').then((items) => setHotels(items.map((hotel) => ({ ...hotel, amenities: hotel.amenities ?? [] }))), () => setFailed(true));
  };
  useEffect(reload, []);
  return { hotels, failed, reload };
}

function Missing({ view }: { view: QuotationView }) {
  const { t } = useT();
  const format = useFormat();
  const rooms = Object.values(view.rooms ?? {}).reduce((sum, count) => sum + count, 0);
  const missing = [
    !view.destination && t('term.destination'),
    !(view.check_in && view.check_out) && t('term.dates'),
    rooms === 0 && t('term.rooms'),
    !view.adults && t('term.adults'),
  ].filter((name) => typeof name === 'string');
  return missing.length ? <p className={classes.warn}>{t('publish.missing', { fields: format.list(missing) })}</p> : null;
}

function CriteriaForm(props: { criteria: Criteria; onChange: (criteria: Criteria) => void; amenities: string[] }) {
  const { t } = useT();
  const { criteria, onChange, amenities } = props;
  const set = <K extends keyof Criteria>(name: K, value: Criteria[K] | undefined): void => {
    const { [name]: _old, ...rest } = criteria;
    onChange(value === undefined ? rest : { ...rest, [name]: value });
  };
  const number = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);
  return (
    <>
      <div className={classes.three}>
        <NativeSelect
          label={t('publish.rating')}
          value={criteria.min_rating ?? ''}
          onChange={(event) => set('min_rating', event.currentTarget.value || undefined)}
          data={[{ value: '', label: '–' }, '3', '3.5', '4', '4.5']}
        />
        <TextInput
          label={t('publish.capacity')}
          inputMode="numeric"
          value={criteria.min_capacity ?? ''}
          onChange={(event) => set('min_capacity', number(event.currentTarget.value))}
        />
        <TextInput
          label={t('publish.count')}
          inputMode="numeric"
          value={criteria.count ?? ''}
          onChange={(event) => set('count', number(event.currentTarget.value))}
        />
      </div>
      {amenities.length > 0 && (
        <MultiSelect
          label={t('publish.amenities')}
          data={amenities}
          value={criteria.amenities ?? []}
          onChange={(value) => set('amenities', value)}
        />
      )}
    </>
  );
}

function HotelPicker(props: { hotels: Hotel[]; near: string; chosen: string[]; onChange: (ids: string[]) => void }) {
  const { t } = useT();
  const { chosen, near } = props;
  const [query, setQuery] = useState('');
  const local = (hotel: Hotel): boolean => near.toLowerCase().includes(hotel.city.toLowerCase());
  const words = query.toLowerCase().split(/\s+/);
  const hotels = props.hotels
    .filter((hotel) => words.every((word) => `${hotel.name} ${hotel.city}`.toLowerCase().includes(word)))
    .sort((a, b) => Number(local(b)) - Number(local(a)) || a.name.localeCompare(b.name));
  const toggle = (id: string): void =>
    props.onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <>
      <TextInput
        leftSection={<IconSearch size={14} />}
        placeholder={t('publish.find')}
        aria-label={t('publish.find')}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
        data-testid="hotel-search"
      />
      <ul className={classes.hotels} aria-label={t('publish.hotels')}>
        {hotels.map((hotel) => (
          <li key={hotel.id}>
            <label>
              <Checkbox
                checked={chosen.includes(hotel.id)}
                onChange={() => toggle(hotel.id)}
                aria-label={hotel.name}
                data-testid={`hotel-${hotel.id}`}
              />
              <span className={classes.name}>
                <b>{hotel.name}</b>
                <small>
                  {hotel.city} · {t('publish.capacity_of', { count: hotel.capacity })}
                </small>
              </span>
              <span className={classes.stars} title={t('unit.stars', { value: hotel.rating })}>
                {hotel.rating} <IconStarFilled size={11} aria-hidden />
              </span>
            </label>
          </li>
        ))}
      </ul>
    </>
  );
}
