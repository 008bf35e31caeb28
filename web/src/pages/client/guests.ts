/** The rooming list as it is typed. */
import type { Guest, RoomType } from '@/live/protocol';

export interface GuestLine {
  name: string;
  room: string;
  roomType: RoomType | '';
  diet: string;
  remarks: string;
}

export const nobody: GuestLine = { name: '', room: '', roomType: '', diet: '', remarks: '' };

export const linesOf = (guests: readonly Guest[]): GuestLine[] =>
  guests.map(({ name, room, room_type, diet, remarks }) => ({
    name,
    room: room ?? '',
    roomType: room_type ?? '',
    diet: diet ?? '',
    remarks: remarks ?? '',
  }));

/** Who is on the list: lines without a name are nobody. */
export const guestsOf = (lines: readonly GuestLine[]): Guest[] =>
  lines
    .filter(({ name }) => name.trim())
    .map(({ name, room, roomType, diet, remarks }) => ({
      name: name.trim(),
      room: room.trim(),
      ...(roomType ? { room_type: roomType } : {}),
      diet: diet.trim(),
      remarks: remarks.trim(),
    }));

/** A pasted list of names, one a line or with semicolons between, from line `at` on; null if it is one name only. */
export function pasted(lines: readonly GuestLine[], at: number, text: string): GuestLine[] | null {
  const names = text
    .split(/[\n;\t]+/)
    .map((name) => name.trim())
    .filter(Boolean);
  if (names.length < 2) return null;
  const next = [...lines];
  names.forEach((name, index) => {
    next[at + index] = { ...(lines[at + index] ?? nobody), name };
  });
  return next;
}
