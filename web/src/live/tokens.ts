/** The tab's access token, in memory, and how it gets another. */
import type { components } from '@/generated/api';
import type { RefusalCode } from './protocol';
import { beginSession, endSession, inTurn, keepToken, sessionOfTab, tokenOf } from './shared';

type Tokens = components['schemas']['TokenPair'];

export class SessionEnded extends Error {
  constructor(readonly code: RefusalCode) {
    super(code);
  }
}

let access = '';
let expiresAt = 0;
let refreshing: Promise<string> | null = null;

/** Somebody logged in, in this tab. */
export function startWith(tokens: Tokens): void {
  beginSession(tokens.refresh_token);
  use(tokens);
}

export function dropTokens(): void {
  access = '';
  expiresAt = 0;
  endSession();
}

/** The login is over in all its tabs, and what was copied of its tokens is worth nothing. */
export function logOut(): void {
  const id = sessionOfTab();
  const refresh_token = id === null ? null : tokenOf(id);
  dropTokens();
  if (refresh_token !== null) void post('logout', { refresh_token }).catch(() => undefined);
}

export const hasSession = (): boolean => sessionOfTab() !== null;

/** A token good for at least another 20 seconds. */
export async function freshToken(): Promise<string> {
  return access && Date.now() < expiresAt - 20_000 ? access : refreshToken();
}

/**
 * A new access token; callers at the same time share one request, and tabs of the same login take turns, since a
 * refresh token works once. Throws SessionEnded when the server refuses, another error when it cannot be reached.
 */
export function refreshToken(): Promise<string> {
  refreshing ??= requestRefresh().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function requestRefresh(): Promise<string> {
  const id = sessionOfTab();
  if (id === null) throw new SessionEnded('auth.required');
  use(await inTurn(id, () => exchange(id)));
  return access;
}

async function exchange(id: string): Promise<Tokens> {
  const refresh_token = tokenOf(id);
  if (refresh_token === null) throw new SessionEnded('auth.required');
  const response = await post('refresh', { refresh_token });
  // Too many attempts or a server in trouble: the token is still good.
  if (response.status === 429 || response.status >= 500) throw new Error(`refresh answered ${response.status}`);
  // Logged out meanwhile, here or in another tab: what came is nobody's.
  if (sessionOfTab() !== id || tokenOf(id) === null) throw new SessionEnded('auth.required');
  if (!response.ok) {
    dropTokens();
    throw new SessionEnded('auth.expired');
  }
  const tokens = (await response.json()) as Tokens;
  keepToken(id, tokens.refresh_token);
  return tokens;
}

const post = (what: 'refresh' | 'logout', body: components['schemas']['RefreshRequest']): Promise<Response> =>
  fetch(`/api/v1/auth/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    keepalive: true,
  });

function use(tokens: Tokens): void {
  access = tokens.access_token;
  expiresAt = Date.now() + tokens.expires_in * 1000;
}
