/** What was typed of a month's allotment, by `day type`; an empty text is on request. */
export type Typed = Record<string, string>;

type Nights = Record<string, Record<string, { total: number; taken: number }>>;

export function typedOf(view: { nights: Nights }): Typed {
  const rows = Object.entries(view.nights).flatMap(([day, types]) =>
    Object.entries(types).map(([type, { total }]) => [`${day} ${type}`, String(total)]),
  );
  return Object.fromEntries(rows) as Typed;
}

/** What is sent; null where something is no number of rooms. */
export function bodyOf(typed: Typed): { nights: Record<string, Record<string, number>> } | null {
  const nights: Record<string, Record<string, number>> = {};
  for (const [key, value] of Object.entries(typed)) {
    if (value === '') continue;
    if (!/^\d{1,4}$/.test(value)) return null;
    const [day = '', type = ''] = key.split(' ');
    nights[day] = { ...nights[day], [type]: Number(value) };
  }
  return { nights };
}
