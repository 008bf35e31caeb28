/** What was typed and not sent yet, so that a reload loses nothing. Per user, quotation and field. */
import type { Json } from './protocol';

export interface Draft {
  value: Json;
  /** The version of the terms that the typing began on. */
  base?: number;
}

const name = (user: string, thing: string, field: string): string => `spirit.draft:${user}:${thing}:${field}`;

export function readDraft(user: string, thing: string, field: string): Draft | null {
  try {
    const text = localStorage.getItem(name(user, thing, field));
    return text === null ? null : (JSON.parse(text) as Draft);
  } catch {
    return null;
  }
}

/** Storage may be full or forbidden; then typing still works, it just does not survive a reload. */
export function keepDraft(user: string, thing: string, field: string, draft: Draft): void {
  try {
    localStorage.setItem(name(user, thing, field), JSON.stringify(draft));
  } catch {
    return;
  }
}

export function dropDraft(user: string, thing: string, field: string): void {
  localStorage.removeItem(name(user, thing, field));
}
