import { describe, expect, it } from 'vitest';
import type { VersionItem } from '@/live/protocol';
import { between } from './versions';

const by = { kind: 'agent', id: 'u1', name: 'Ana' } as const;
const at = '2026-11-22T10:00:00Z';
const terms = { title: 'Cusco' };
const items: VersionItem[] = [
  { version: 1, at, by, terms, changes: [] },
  { version: 2, at, by, terms, changes: [{ field: 'title', old: 'Cusco', new: 'Lima' }] },
  { version: 3, at, by, terms, changes: [{ field: 'rooms', old: { double: 7, twin: 4 }, new: { double: 8, twin: 4 } }] },
  { version: 4, at, by, terms, changes: [{ field: 'title', old: 'Lima', new: 'Cusco' }] },
];

describe('what lies between two versions', () => {
  it('tells objects by the parts that changed and leaves out what came back', () => {
    expect(between(items, 1, 4)).toEqual([{ field: 'rooms.double', old: 7, new: 8 }]);
  });

  it('reads backwards too', () => {
    expect(between(items, 3, 1)).toEqual([
      { field: 'title', old: 'Lima', new: 'Cusco' },
      { field: 'rooms.double', old: 8, new: 7 },
    ]);
  });
});
