import type { Messages } from '..';

export const client = {} as const satisfies Messages;
