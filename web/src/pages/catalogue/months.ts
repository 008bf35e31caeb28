/** Months and their days, as texts. */
export const today = (): string => new Date().toISOString().slice(0, 10);
export const thisMonth = (): string => today().slice(0, 7);

export function shifted(month: string, by: number): string {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year!, number! - 1 + by, 1)).toISOString().slice(0, 7);
}

export function daysOf(month: string): string[] {
  const [year, number] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year!, number!, 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
}

/** The month's days from today on; of a month that is over, all. */
export function daysAhead(month: string, today: string): string[] {
  const days = daysOf(month);
  const ahead = days.filter((day) => day >= today);
  return ahead.length ? ahead : days;
}

/** 0 is Monday. */
export const weekday = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
