/** REST with the session's token: reads of lists and histories, and the login. */
import type { components } from '@/generated/api';
import type { Page } from '@/live/protocol';
import { freshToken, refreshToken, SessionEnded, startWith } from '@/live/tokens';

export class RestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

async function failure(response: Response): Promise<RestError> {
  const body = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; title?: string };
  const wait = Number(response.headers.get('retry-after')) || undefined;
  return new RestError(response.status, body.code ?? 'internal', body.detail ?? body.title ?? '', wait);
}

interface Sent {
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

async function send(method: string, path: string, { body, token, headers }: Sent): Promise<Response> {
  const bearer = token ?? (await freshToken());
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 401 && token === undefined) return send(method, path, { body, headers, token: await refreshToken() });
  if (response.status === 401) throw new SessionEnded('auth.expired');
  if (!response.ok) throw await failure(response);
  return response;
}

export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, { body });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** What is not JSON: a document, or the picture of one. */
export const getFile = async (path: string): Promise<Blob> => (await send('GET', path, {})).blob();

/** What was read, with the tag that says so to a write. */
export interface Tagged<T> {
  value: T;
  tag: string;
}

export async function getTagged<T>(path: string): Promise<Tagged<T>> {
  const response = await send('GET', path, {});
  return { value: (await response.json()) as T, tag: response.headers.get('etag') ?? '' };
}

/** Writes over what was seen, or what is new where nothing was. */
export async function put(path: string, body: unknown, seen: string | null): Promise<void> {
  await send('PUT', path, { body, headers: seen === null ? { 'if-none-match': '*' } : { 'if-match': seen } });
}

export async function drop(path: string, seen: string): Promise<void> {
  await send('DELETE', path, { headers: { 'if-match': seen } });
}

export const get = <T>(path: string): Promise<T> => request<T>('GET', path);

/** Every page of a list, at most `pages`. */
export async function getAll<T>(path: string, pages = 20): Promise<T[]> {
  const items: T[] = [];
  let next: string | null = null;
  for (let page = 0; page < pages; page += 1) {
    const query: string = next === null ? '' : `${path.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`;
    const answer: Page<T> = await get(`${path}${query}`);
    items.push(...answer.items);
    next = answer.next;
    if (next === null || next === undefined) break;
  }
  return items;
}

export async function login(email: string, password: string): Promise<void> {
  const response = await fetch('/api/v1/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  });
  if (!response.ok) throw await failure(response);
  startWith(await response.json());
}

export type DemoAccounts = components['schemas']['DemoAccounts'];

/** The demo's accounts, or null where there is no demo. */
export async function demoAccounts(): Promise<DemoAccounts | null> {
  const response = await fetch('/api/v1/demo').catch(() => null);
  const isJson = response?.headers.get('content-type')?.includes('json');
  return response?.ok && isJson ? ((await response.json()) as DemoAccounts) : null;
}
