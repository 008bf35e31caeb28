import { useEffect, useState } from 'react';

/** The time, looked at again every `every` milliseconds while `on`. */
export function useNow(every = 15_000, on = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!on) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every, on]);
  return now;
}
