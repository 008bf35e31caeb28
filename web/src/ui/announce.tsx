/** Tells screen readers politely what others changed. */
import { create } from 'zustand';

const useSpoken = create<{ text: string }>(() => ({ text: '' }));

export const announce = (text: string): void => useSpoken.setState({ text });

export function Announcer() {
  const text = useSpoken((state) => state.text);
  return (
    <div className="visually-hidden" aria-live="polite" role="status">
      {text}
    </div>
  );
}
