import { describe, expect, it } from 'vitest';
import { Commands, Refused } from './commands';
import type { Ack } from './protocol';

describe('commands', () => {
  it('[D5] one that lost its answer goes again under the same key', async () => {
    const commands = new Commands();
    const keys: unknown[] = [];
    let lose: (error: Error) => void = () => undefined;
    commands.online((_, payload) => {
      keys.push((payload as { key: string }).key);
      return new Promise((_, reject) => (lose = reject));
    });
    const answer = commands.send('quotation.close', { quotation_id: 'q1' }, 'k1');
    commands.offline();
    lose(new Error('disconnected'));
    await Promise.resolve();
    commands.online((_, payload) => {
      keys.push((payload as { key: string }).key);
      return Promise.resolve<Ack>({ ok: true, data: { quotation: {} } });
    });
    expect(await answer).toEqual({ quotation: {} });
    expect(keys).toEqual(['k1', 'k1']);
    expect(commands.size).toBe(0);
  });

  it('waits for a connection, and tells a refusal with its code', async () => {
    const commands = new Commands();
    const answer = commands.send('offer.withdraw', { quotation_id: 'q1' }, 'k2');
    commands.online(async () => ({ ok: false, error: { code: 'offer.too_late', message: 'The deadline has passed.' } }));
    const refusal = await answer.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refused);
    expect(refusal).toMatchObject({ code: 'offer.too_late', message: 'The deadline has passed.' });
  });
});
