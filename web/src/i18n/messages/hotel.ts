import type { Messages } from '..';

export const hotel = {} as const satisfies Messages;
