/** Edits of a quotation's terms: shown at once, confirmed by the fact, rolled back on a refusal. */
import { Refused } from './commands';
import { commands } from './connection';
import { dropDraft } from './drafts';
import { isObject } from './merge';
import type { CommandName, CommandPayloads, ConflictData, Json, JsonObject } from './protocol';
import * as state from './state';
import { update, useLive } from './store';

export function command<N extends CommandName>(name: N, payload: CommandPayloads[N]): Promise<JsonObject> {
  return commands.send(name, payload, crypto.randomUUID());
}

/** Resolves when accepted, or when it became a conflict (which the field shows); rejects when refused. */
export async function editField(id: string, field: string, value: Json, base: number): Promise<void> {
  const key = crypto.randomUUID();
  const user = useLive.getState().me?.id ?? '';
  update((live) => state.editSent(live, id, field, { key, value }));
  try {
    const payload = { quotation_id: id, base_version: base, changes: [{ field, value }] };
    const { version } = await commands.send('quotation.edit', payload, key);
    dropDraft(user, id, field);
    update((live) => state.editAccepted(live, id, field, key, Number(version)));
  } catch (error) {
    update((live) => state.editRefused(live, id, field, key));
    if (!(error instanceof Refused) || !foundConflict(id, field, value, error)) throw error;
  }
}

function foundConflict(id: string, field: string, mine: Json, refusal: Refused): boolean {
  if (refusal.code !== 'quotation.conflict' || !isObject(refusal.data)) return false;
  const { version, fields } = refusal.data as unknown as ConflictData;
  const theirs = fields[field] ?? Object.values(fields)[0];
  if (!theirs) return false;
  const conflict = { mine, theirs: theirs.value, by: theirs.by, at: theirs.at, version };
  update((live) => state.conflictFound(live, id, field, conflict));
  return true;
}

export function keepMine(id: string, field: string): Promise<void> {
  const conflict = useLive.getState().conflicts[id]?.[field];
  return conflict ? editField(id, field, conflict.mine, conflict.version) : Promise.resolve();
}

export function takeTheirs(id: string, field: string): void {
  dropDraft(useLive.getState().me?.id ?? '', id, field);
  update((live) => state.conflictSettled(live, id, field));
}
