/** Logging in and out: tokens, who one is, and the socket. */
import { get, login as restLogin } from '@/rest/client';
import { connect, disconnect } from './connection';
import type { Me } from './protocol';
import { update } from './store';
import { hasSession, logOut } from './tokens';

async function begin(): Promise<void> {
  const me = await get<Me>('/me');
  update((live) => ({ ...live, me }));
  connect();
}

export async function login(email: string, password: string): Promise<void> {
  await restLogin(email, password);
  await begin();
}

/** Takes up the tab's session after a reload, or that of the tab it was duplicated from; false when there is none. */
export async function resume(): Promise<boolean> {
  if (!hasSession()) return false;
  await begin();
  return true;
}

export function logout(): void {
  logOut();
  disconnect();
}
