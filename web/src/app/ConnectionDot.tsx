/** The connection as a dot that says what it is doing. */
import { Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { useT } from '@/i18n';
import { useConnection } from '@/live/hooks';
import { logout } from '@/live/session';
import { span, useFormat } from '@/lib/format';
import { useNow } from '@/lib/now';
import { announce } from '@/ui/announce';
import classes from './ConnectionDot.module.css';

const CAUGHT_UP_SHOWN_MS = 6_000;

export function ConnectionDot() {
  const { t } = useT();
  const connection = useConnection();
  const { label, hint, quiet } = useWords();
  const [, go] = useLocation();
  useEffect(() => {
    if (!quiet) announce(label);
  }, [connection.kind, quiet]);
  return (
    <Tooltip label={hint}>
      <div className={classes.connection} data-testid="connection" data-state={connection.kind} data-quiet={quiet || undefined}>
        <i aria-hidden />
        <span className={quiet ? 'visually-hidden' : 'num'}>{label}</span>
        {connection.kind === 'read-only' && (
          <button
            type="button"
            onClick={() => {
              const here = window.location.pathname + window.location.search;
              logout();
              go(`/login?expired=1&to=${encodeURIComponent(here)}`);
            }}
          >
            {t('action.login')}
          </button>
        )}
      </div>
    </Tooltip>
  );
}

function useWords(): { label: string; hint: string; quiet: boolean } {
  const { t } = useT();
  const format = useFormat();
  const connection = useConnection();
  const now = useNow(1_000, connection.kind === 'reconnecting');
  const recent = useRecent(connection.kind === 'live' ? connection.caughtUp : 0);
  switch (connection.kind) {
    case 'live':
      if (recent) {
        const label = t('connection.caught_up', { count: recent });
        return { label, hint: t('connection.live_hint'), quiet: false };
      }
      return { label: t('connection.live'), hint: t('connection.live_hint'), quiet: true };
    case 'reconnecting':
      return {
        label: t('connection.reconnecting', { time: span(now - connection.since, t) }),
        hint: t('connection.reconnecting_hint', { at: format.clock(connection.since) }),
        quiet: false,
      };
    case 'catching-up':
      return {
        label: t('connection.catching', { count: connection.changes }),
        hint: t('connection.live_hint'),
        quiet: false,
      };
    case 'read-only':
      return { label: t('connection.read_only'), hint: t('connection.read_only_hint'), quiet: false };
    default:
      return { label: t('connection.connecting'), hint: t('connection.connecting_hint'), quiet: true };
  }
}

/** The number for a while after it came, then 0. */
function useRecent(changes: number): number {
  const [shown, setShown] = useState(changes);
  useEffect(() => {
    setShown(changes);
    const timer = setTimeout(() => setShown(0), CAUGHT_UP_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [changes]);
  return shown;
}
