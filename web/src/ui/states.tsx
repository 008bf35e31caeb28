/** Empty, loading, error and forbidden: each says what to do. */
import { Button, Loader, Skeleton } from '@mantine/core';
import { IconCloudOff, IconCompass, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useT } from '@/i18n';
import classes from './states.module.css';

export function Notice(props: { icon: ReactNode; title: string; hint?: string; children?: ReactNode }) {
  return (
    <div className={classes.notice}>
      <div className={classes.icon} aria-hidden>
        {props.icon}
      </div>
      <h2>{props.title}</h2>
      {props.hint && <p>{props.hint}</p>}
      {props.children}
    </div>
  );
}

export function PageError({ onRetry }: { onRetry?: () => void }) {
  const { t } = useT();
  return (
    <Notice icon={<IconCloudOff size={26} />} title={t('page.error')} hint={t('page.error_hint')}>
      {onRetry && (
        <Button onClick={onRetry} variant="default">
          {t('action.retry')}
        </Button>
      )}
    </Notice>
  );
}

export function PageForbidden() {
  const { t } = useT();
  return (
    <Notice icon={<IconLock size={26} />} title={t('page.forbidden')} hint={t('page.forbidden_hint')}>
      <Button component={Link} href="/" variant="default">
        {t('action.home')}
      </Button>
    </Notice>
  );
}

export function PageNotFound() {
  const { t } = useT();
  return (
    <Notice icon={<IconCompass size={26} />} title={t('page.not_found')} hint={t('page.not_found_hint')}>
      <Button component={Link} href="/" variant="default">
        {t('action.home')}
      </Button>
    </Notice>
  );
}

export function PageLoading() {
  const { t } = useT();
  return (
    <div className={classes.loading} role="status" aria-label={t('page.loading')}>
      <Loader size="sm" type="dots" />
    </div>
  );
}

export function Rows({ count = 6, height = 44 }: { count?: number; height?: number }) {
  const { t } = useT();
  return (
    <div role="status" aria-label={t('page.loading')} className={classes.rows}>
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height={height} radius="sm" />
      ))}
    </div>
  );
}
