import { create } from 'zustand';

/** How often somebody asked to jump: the jump box is loaded at the first time and opens each time. */
export const useJumping = create<{ asked: number }>(() => ({ asked: 0 }));

export const openJump = (): void => useJumping.setState(({ asked }) => ({ asked: asked + 1 }));
