import { describe, expect, it } from 'vitest';
import { guestsOf, linesOf, nobody, pasted } from './guests';

describe('a rooming list', () => {
  it('is the same after a look at it, without the lines that name nobody', () => {
    const guests = [{ name: 'Ana', room: '1', room_type: 'twin' as const, diet: 'vegan', remarks: '' }];
    expect(guestsOf([...linesOf(guests), nobody])).toEqual(guests);
  });

  it('takes a pasted list of names, keeping what is known of those who stand there', () => {
    const lines = [{ ...nobody, name: 'Ana' }, { ...nobody, name: 'B', diet: 'vegan' }];
    const next = pasted(lines, 1, 'Bruno Salas\nCarla; Dora\n');
    expect(next?.map(({ name, diet }) => [name, diet])).toEqual([['Ana', ''], ['Bruno Salas', 'vegan'], ['Carla', ''], ['Dora', '']]);
    expect(pasted(lines, 1, 'Bruno Salas')).toBeNull();
  });
});
