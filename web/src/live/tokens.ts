/** The session's tokens. Each tab has its own login: access token in memory, refresh token in sessionStorage. */
import type { components } from '@/generated/api';
import type { RefusalCode } from './protocol';

const REFRESH = 'spirit.refresh';

type Tokens = components['schemas']['TokenPair'];

export class SessionEnded extends Error {
  constructor(readonly code: RefusalCode) {
    super(code);
  }
}

let access = '';
let expiresAt = 0;
let refreshing: Promise<string> | null = null;

export function keepTokens(tokens: Tokens): void {
  access = tokens.access_token;
  expiresAt = Date.now() + tokens.expires_in * 1000;
  sessionStorage.setItem(REFRESH, tokens.refresh_token);
}

export function dropTokens(): void {
  access = '';
  expiresAt = 0;
  sessionStorage.removeItem(REFRESH);
}

export const hasSession = (): boolean => sessionStorage.getItem(REFRESH) !== null;

/** A token good for at least another 20 seconds. */
export async function freshToken(): Promise<string> {
  return access && Date.now() < expiresAt - 20_000 ? access : refreshToken();
}

/**
 * A new access token; callers at the same time share one request, since a refresh token works once.
 * Throws SessionEnded when the server refuses, another error when it cannot be reached.
 */
export function refreshToken(): Promise<string> {
  refreshing ??= requestRefresh().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function requestRefresh(): Promise<string> {
  const refresh_token = sessionStorage.getItem(REFRESH);
  if (!refresh_token) throw new SessionEnded('auth.required');
  const response = await fetch('/api/v1/auth/refresh', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refresh_token }),
  });
  // Too many attempts or a server in trouble: the token is still good.
  if (response.status === 429 || response.status >= 500) throw new Error(`refresh answered ${response.status}`);
  if (!response.ok) {
    dropTokens();
    throw new SessionEnded('auth.expired');
  }
  keepTokens((await response.json()) as Tokens);
  return access;
}
