import { create } from 'zustand';
import { initial, type Live } from './state';

/** The one live store. Only `src/live` writes to it. */
export const useLive = create<Live>(() => initial);

export const update = (change: (live: Live) => Live): void => useLive.setState(change, true);
