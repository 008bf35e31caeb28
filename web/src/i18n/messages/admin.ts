import type { Messages } from '..';

export const admin = {} as const satisfies Messages;
