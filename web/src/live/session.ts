/** Logging in and out: tokens, who one is, and the socket. */
import { get, login as restLogin } from '@/rest/client';
import { connect, disconnect } from './connection';
import type { Me } from './protocol';
import { update } from './store';
import { dropTokens, hasSession } from './tokens';

async function begin(): Promise<void> {
  const me = await get<Me>('/me');
  update((live) => ({ ...live, me }));
  connect();
}

export async function login(email: string, password: string): Promise<void> {
  await restLogin(email, password);
  await begin();
}

/** Takes up the tab's session after a reload; false when there is none. */
export async function resume(): Promise<boolean> {
  if (!hasSession()) return false;
  await begin();
  return true;
}

export function logout(): void {
  dropTokens();
  disconnect();
}
