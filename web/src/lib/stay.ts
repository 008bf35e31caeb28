/** Dates of a stay have no zone: they are shown as written. */
export const stayDay = (date: string): Date => new Date(`${date}T12:00:00Z`);

export function nights(checkIn?: string, checkOut?: string): number {
  if (!checkIn || !checkOut) return 0;
  return Math.max(0, Math.round((stayDay(checkOut).getTime() - stayDay(checkIn).getTime()) / 86_400_000));
}

export const daysBefore = (day: string, days: number): string =>
  new Date(stayDay(day).getTime() - days * 86_400_000).toISOString().slice(0, 10);
