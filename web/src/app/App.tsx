import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { resume } from '@/live/session';
import { useLive } from '@/live/store';
import { hasSession, SessionEnded } from '@/live/tokens';
import { Login } from '@/pages/login/Login';
import { Announcer } from '@/ui/announce';
import { PageError, PageLoading } from '@/ui/states';
import { cssVariablesResolver, theme } from './theme';

const Workspace = lazy(() => import('./Workspace'));

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} defaultColorScheme="auto">
      <Notifications position="bottom-right" limit={4} zIndex={500} />
      <Announcer />
      <Session />
    </MantineProvider>
  );
}

function Session() {
  const signedIn = useLive((live) => live.me !== null);
  const [location] = useLocation();
  const [resuming, setResuming] = useState(hasSession);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!resuming || failed) return;
    resume()
      .catch((error: unknown) => setFailed(!(error instanceof SessionEnded)))
      .finally(() => setResuming(false));
  }, [resuming, failed]);

  if (failed && !signedIn) return <PageError onRetry={() => (setFailed(false), setResuming(true))} />;
  if (resuming && !signedIn) return <PageLoading />;
  const goal = location === '/login' ? '/' : location;
  return (
    <Suspense fallback={<PageLoading />}>
      <Switch>
        <Route path="/login">{signedIn ? <Redirect to={goalAfterLogin()} replace /> : <Login />}</Route>
        <Route>{signedIn ? <Workspace /> : <Redirect to={`/login?to=${encodeURIComponent(goal)}`} replace />}</Route>
      </Switch>
    </Suspense>
  );
}

/** Where one wanted to go before the login; only paths of this app. */
function goalAfterLogin(): string {
  const to = new URLSearchParams(window.location.search).get('to') ?? '/';
  return to.startsWith('/') && !to.startsWith('//') ? to : '/';
}
