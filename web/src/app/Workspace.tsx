/** What a signed-in person is in: the bar, the announcements, and the pages of the role. */
import { useHotkeys } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { lazy, Suspense, useEffect, useLayoutEffect, useRef } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useT } from '@/i18n';
import { useMe } from '@/live/hooks';
import type { Me } from '@/live/protocol';
import { rightsOf } from '@/live/state';
import { PageForbidden, PageLoading, PageNotFound } from '@/ui/states';
import { Announcements } from './Announcements';
import { Bar } from './Bar';
import { openJump, useJumping } from './jumping';
import { everyPath, hasPage, homeOf, pagesOf } from './pages';
import classes from './Workspace.module.css';

const Jump = lazy(() => import('./Jump'));

/** Who has other rights than a moment ago begins anew, on a page that they have. */
export default function Workspace() {
  const me = useMe();
  const rights = rightsOf(me);
  const [location, navigate] = useLocation();
  const before = useRef(rights);
  useLayoutEffect(() => {
    if (before.current === rights) return;
    before.current = rights;
    if (!hasPage(me.role, location)) navigate(homeOf(me.role), { replace: true });
  }, [rights]);
  return <Pages key={rights} me={me} />;
}

function Pages({ me }: { me: Me }) {
  const { t } = useT();
  const [location] = useLocation();
  const jumping = useJumping((state) => state.asked > 0);
  useHotkeys([['mod+K', openJump]], []);
  useEffect(() => notifications.clean(), [location]);
  return (
    <div className={classes.workspace}>
      <a href="#content" className={classes.skip}>
        {t('app.skip')}
      </a>
      <Bar me={me} />
      <Announcements />
      <main id="content" tabIndex={-1} className={classes.content}>
        <Suspense fallback={<PageLoading />}>
          <Switch>
            <Route path="/">
              <Redirect to={homeOf(me.role)} replace />
            </Route>
            {pagesOf(me.role).map(({ path, Page }) => (
              <Route key={path} path={path} component={Page} />
            ))}
            {everyPath.map((path) => (
              <Route key={path} path={path} component={PageForbidden} />
            ))}
            <Route component={PageNotFound} />
          </Switch>
        </Suspense>
      </main>
      <Suspense>{jumping && <Jump me={me} />}</Suspense>
    </div>
  );
}
