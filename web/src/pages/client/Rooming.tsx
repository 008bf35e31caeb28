/** Who comes along, who shares with whom, and what they eat. What is typed survives a reload until it is saved. */
import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconUsers, IconX } from '@tabler/icons-react';
import { useState, type ClipboardEvent } from 'react';
import { useT } from '@/i18n';
import { dropDraft, keepDraft, readDraft } from '@/live/drafts';
import { command } from '@/live/edits';
import { useMe } from '@/live/hooks';
import type { Booking, Json, QuotationView, RoomType } from '@/live/protocol';
import { showDone, showRefusal } from '@/ui/refusals';
import { guestsOf, linesOf, nobody, pasted, type GuestLine } from './guests';
import classes from './Rooming.module.css';

const ROOMS: readonly RoomType[] = ['single', 'double', 'twin', 'triple', 'suite'];
const OVER = new Set(['cancelled', 'completed']);

export function Rooming({ view, booking }: { view: QuotationView; booking: Booking }) {
  const { t } = useT();
  const me = useMe();
  const mayEdit = me.role === 'client' && !OVER.has(booking.status ?? '');
  const { lines, dirty, set, drop } = useGuests(booking);
  const [busy, setBusy] = useState(false);
  const pax = (view.adults ?? 0) + (view.children_ages?.length ?? 0);
  const named = guestsOf(lines).length;

  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await command('booking.set_rooming', { booking_id: booking.id, guests: guestsOf(lines) });
      drop();
      showDone(t('rooming.saved'));
    } catch (error) {
      showRefusal(error);
    } finally {
      setBusy(false);
    }
  };
  if (!mayEdit && named === 0) return null;
  return (
    <section className={`card ${classes.rooming}`} data-testid="rooming">
      <header>
        <h2>{t('rooming.title')}</h2>
        <span className="num">{t('rooming.named', { count: named, pax })}</span>
      </header>
      {lines.length === 0 && (
        <p className={classes.none}>
          <IconUsers size={18} aria-hidden /> {t('rooming.none')}
        </p>
      )}
      <fieldset disabled={!mayEdit || busy}>
        {lines.map((line, index) => (
          <Guest key={index} line={line} index={index} lines={lines} onChange={set} />
        ))}
      </fieldset>
      {mayEdit && (
        <footer>
          <Button variant="subtle" leftSection={<IconPlus size={14} />} onClick={() => set([...lines, nobody])} data-testid="guest-add">
            {t('rooming.add')}
          </Button>
          <span className={classes.space} />
          {dirty && (
            <Button variant="subtle" color="gray" onClick={drop}>
              {t('rooming.discard')}
            </Button>
          )}
          <Button onClick={() => void save()} loading={busy} disabled={!dirty} data-testid="rooming-save">
            {t('rooming.save')}
          </Button>
        </footer>
      )}
    </section>
  );
}

function useGuests(booking: Booking): { lines: GuestLine[]; dirty: boolean; set: (lines: GuestLine[]) => void; drop: () => void } {
  const user = useMe().id;
  const [typed, setTyped] = useState<GuestLine[] | null>(
    () => (readDraft(user, booking.id, 'rooming')?.value as unknown as GuestLine[] | undefined) ?? null,
  );
  return {
    lines: typed ?? linesOf(booking.rooming ?? []),
    dirty: typed !== null,
    set: (lines) => {
      setTyped(lines);
      keepDraft(user, booking.id, 'rooming', { value: lines as unknown as Json });
    },
    drop: () => {
      setTyped(null);
      dropDraft(user, booking.id, 'rooming');
    },
  };
}

function Guest(props: { line: GuestLine; index: number; lines: GuestLine[]; onChange: (lines: GuestLine[]) => void }) {
  const { t } = useT();
  const { line, index, lines, onChange } = props;
  const change = (part: Partial<GuestLine>): void => onChange(lines.map((one, at) => (at === index ? { ...one, ...part } : one)));
  const paste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const next = pasted(lines, index, event.clipboardData.getData('text'));
    if (!next) return;
    event.preventDefault();
    onChange(next);
  };
  const who = line.name || t('rooming.guest', { number: index + 1 });
  const text = (field: 'room' | 'diet' | 'remarks', label: string): React.ReactNode => (
    <TextInput
      size="xs"
      aria-label={`${label}: ${who}`}
      placeholder={label}
      maxLength={field === 'room' ? 20 : 200}
      value={line[field]}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <div className={classes.guest} role="group" aria-label={who} data-testid="guest">
      <span className="num">{index + 1}</span>
      <TextInput
        size="xs"
        aria-label={t('rooming.name')}
        placeholder={t('rooming.name')}
        maxLength={200}
        autoFocus={line === nobody}
        value={line.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
        onPaste={paste}
      />
      <NativeSelect
        size="xs"
        aria-label={`${t('rooming.type')}: ${who}`}
        value={line.roomType}
        onChange={(event) => change({ roomType: event.currentTarget.value as GuestLine['roomType'] })}
        data={[{ value: '', label: t('rooming.type') }, ...ROOMS.map((value) => ({ value, label: t(`room.${value}`) }))]}
      />
      {text('room', t('rooming.room'))}
      {text('diet', t('rooming.diet'))}
      {text('remarks', t('rooming.remarks'))}
      <ActionIcon
        variant="subtle"
        color="gray"
        onClick={() => onChange(lines.filter((_, at) => at !== index))}
        aria-label={`${t('action.remove')}: ${who}`}
      >
        <IconX size={14} />
      </ActionIcon>
    </div>
  );
}
