import { expect, it } from 'vitest';
import type { AuditItem } from '@/live/protocol';
import { isDeed, withNewer } from './audit';

const row = (action: string, outcome = 'ok', id = '1'): AuditItem => ({ id, at: '', user_id: 'u', subject: '', detail: {}, action, outcome });

it('tells deeds and refusals from looking', () => {
  expect(['quotation.grant', 'offer.submit'].map((action) => isDeed(row(action)))).toEqual([true, true]);
  expect(['room.join', 'quotation.read', 'quotation.history_read', 'quotation.list', 'auth.login'].map((a) => isDeed(row(a)))).toEqual(
    Array(5).fill(false),
  );
  expect(isDeed(row('quotation.read', 'quotation.not_found'))).toBe(true);
});

it('puts newer rows before those that are known, and starts again where some are missing between', () => {
  const rows = (...ids: string[]): AuditItem[] => ids.map((id) => row('room.join', 'ok', id));
  const ids = (found: AuditItem[] | null): string[] | undefined => found?.map(({ id }) => id);
  expect(ids(withNewer(rows('3', '2', '1'), rows('5', '4', '3')))).toEqual(['5', '4', '3', '2', '1']);
  expect(withNewer(rows('2', '1'), rows('9', '8'))).toBeNull();
});
