import { useCallback, useEffect, useState } from 'react';

export interface Reading<T> {
  /** Null until it has been read once. */
  data: T | null;
  failed: boolean;
  reload: () => void;
}

/** What `read` gives, read again when `again` changes and every `everyMs` if given. Old data stays while it is read anew. */
export function useRead<T>(read: () => Promise<T>, again: unknown = null, everyMs?: number): Reading<T> {
  const [data, setData] = useState<T | null>(null);
  const [failed, setFailed] = useState(false);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let wanted = true;
    read().then(
      (got) => wanted && (setData(got), setFailed(false)),
      () => wanted && setFailed(true),
    );
    return () => {
      wanted = false;
    };
  }, [asked, again]);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  useEffect(() => {
    if (!everyMs) return;
    const timer = setInterval(reload, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);
  return { data, failed, reload };
}
