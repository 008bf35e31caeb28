/** Edits of a quotation's terms: shown at once, confirmed by the fact, rolled back on a refusal. */
import { Refused } from './commands';
import { commands } from './connection';
import { dropDraft } from './drafts';
import { isObject } from './merge';
import type { Answer, CommandName, ConflictData, Json, JsonObject, Payload } from './protocol';
import * as state from './state';
import { update, useLive } from './store';

export function command<N extends CommandName>(name: N, payload: Payload<N>): Promise<Answer<N>> {
  return commands.send(name, payload, crypto.randomUUID());
}

/**
 * Edits the fields that make up one thing on the page (`group`), all or none of them.
 * Resolves when accepted, or when it became a conflict (which the page shows); rejects when refused.
 */
export async function edit(id: string, group: string, changes: JsonObject, base: number): Promise<void> {
  const key = crypto.randomUUID();
  const user = useLive.getState().me?.id ?? '';
  const list = Object.entries(changes).map(([field, value]) => ({ field, value }));
  update((live) => state.editSent(live, id, group, { key, changes }));
  try {
    const payload = { quotation_id: id, base_version: base, changes: list };
    const { version } = await commands.send('quotation.edit', payload, key);
    dropDraft(user, id, group);
    update((live) => state.editAccepted(live, id, group, key, version));
  } catch (error) {
    update((live) => state.editRefused(live, id, group, key));
    if (!(error instanceof Refused) || !foundConflict(id, group, changes, error)) throw error;
  }
}

function foundConflict(id: string, group: string, mine: JsonObject, refusal: Refused): boolean {
  if (refusal.code !== 'quotation.conflict' || !isObject(refusal.data)) return false;
  const { version, fields } = refusal.data as unknown as ConflictData;
  const first = Object.values(fields)[0];
  if (!first) return false;
  const theirs = Object.fromEntries(Object.entries(fields).map(([field, { value }]) => [field, (value ?? null) as Json]));
  const conflict = { mine, theirs, by: first.by, at: first.at, version };
  update((live) => state.conflictFound(live, id, group, conflict));
  return true;
}

export function keepMine(id: string, group: string): Promise<void> {
  const conflict = useLive.getState().conflicts[id]?.[group];
  return conflict ? edit(id, group, conflict.mine, conflict.version) : Promise.resolve();
}

export function takeTheirs(id: string, group: string): void {
  dropDraft(useLive.getState().me?.id ?? '', id, group);
  update((live) => state.conflictSettled(live, id, group));
}
