import { expect, it } from 'vitest';
import type { AuditItem } from '@/live/protocol';
import { isDeed } from './audit';

it('tells deeds and refusals from looking', () => {
  const row = (action: string, outcome = 'ok'): AuditItem => ({ id: '1', at: '', user_id: 'u', subject: '', detail: {}, action, outcome });
  expect(['quotation.grant', 'offer.submit'].map((action) => isDeed(row(action)))).toEqual([true, true]);
  expect(['room.join', 'quotation.read', 'quotation.history_read', 'quotation.list', 'auth.login'].map((a) => isDeed(row(a)))).toEqual(
    Array(5).fill(false),
  );
  expect(isDeed(row('quotation.read', 'quotation.not_found'))).toBe(true);
});
