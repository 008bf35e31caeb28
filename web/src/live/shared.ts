/**
 * What the tabs of one login share: its refresh token, which works once. A tab that was duplicated has the login of the
 * one it came from; any other tab may have somebody else's.
 */

const SESSION = 'spirit.session';
const UNUSED_DAYS = 7;

interface Kept {
  token: string;
  at: number;
}

const place = (id: string): string => `${SESSION}:${id}`;

/** This tab's login. A duplicated tab starts with a copy of it. */
export const sessionOfTab = (): string | null => sessionStorage.getItem(SESSION);

export function beginSession(token: string): void {
  forgetUnused();
  const id = crypto.randomUUID();
  sessionStorage.setItem(SESSION, id);
  keepToken(id, token);
}

/** Ends the login in all its tabs. */
export function endSession(): void {
  const id = sessionOfTab();
  sessionStorage.removeItem(SESSION);
  if (id !== null) localStorage.removeItem(place(id));
}

export const tokenOf = (id: string): string | null => read(place(id))?.token ?? null;

export const keepToken = (id: string, token: string): void =>
  localStorage.setItem(place(id), JSON.stringify({ token, at: Date.now() } satisfies Kept));

/** Runs when no other tab of the login does the same. A browser without locks has them on secure pages only. */
export const inTurn = async <T>(id: string, work: () => Promise<T>): Promise<T> =>
  'locks' in navigator ? await navigator.locks.request(place(id), work) : work();

/** Calls back when another tab ended this tab's login. */
export function onEndElsewhere(ended: () => void): void {
  addEventListener('storage', ({ key, newValue }) => {
    const id = sessionOfTab();
    if (id !== null && key === place(id) && newValue === null) ended();
  });
}

/** Closed tabs end nothing: what they left is forgotten later. */
function forgetUnused(): void {
  const before = Date.now() - UNUSED_DAYS * 86_400_000;
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(`${SESSION}:`) && (read(name)?.at ?? 0) < before) localStorage.removeItem(name);
  }
}

function read(name: string): Kept | null {
  const text = localStorage.getItem(name);
  return text === null ? null : (JSON.parse(text) as Kept);
}
