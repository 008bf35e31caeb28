import type { Messages } from '..';

export const agent = {} as const satisfies Messages;
