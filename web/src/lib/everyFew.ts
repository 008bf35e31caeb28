import { useEffect, useRef, useState } from 'react';

/** `value`, but a new one at most every `ms`, and so long after it came. */
export function useEveryFew<T>(value: T, ms: number): T {
  const [told, setTold] = useState(value);
  const latest = useRef(value);
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null);
  latest.current = value;
  useEffect(() => {
    if (value === told || waiting.current !== null) return;
    waiting.current = setTimeout(() => {
      waiting.current = null;
      setTold(latest.current);
    }, ms);
  }, [value, told, ms]);
  useEffect(
    () => () => {
      if (waiting.current !== null) clearTimeout(waiting.current);
      waiting.current = null;
    },
    [],
  );
  return told;
}
