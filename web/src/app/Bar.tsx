import { UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { useT } from '@/i18n';
import type { Me } from '@/live/protocol';
import { Mark } from '@/ui/Mark';
import { Account } from './Account';
import classes from './Bar.module.css';
import { ConnectionDot } from './ConnectionDot';
import { Inbox } from './Inbox';
import { openJump } from './jumping';
import { pagesOf } from './pages';

export function Bar({ me }: { me: Me }) {
  const { t } = useT();
  const searchable = me.role === 'agent' || me.role === 'admin' || me.role === 'hotel';
  return (
    <header className={classes.bar}>
      <Link href="/" className={classes.brand} aria-label={t('app.name')}>
        <Mark />
        <span>{t('app.name')}</span>
      </Link>
      <Navigation me={me} />
      <div className={classes.space} />
      {searchable && (
        <UnstyledButton className={classes.search} onClick={openJump} aria-keyshortcuts="Meta+K Control+K">
          <IconSearch size={14} aria-hidden />
          <span>{t('nav.search')}</span>
          <kbd aria-hidden>⌘K</kbd>
        </UnstyledButton>
      )}
      <ConnectionDot />
      <Inbox me={me} />
      <Account me={me} />
    </header>
  );
}

function Navigation({ me }: { me: Me }) {
  const { t } = useT();
  const [location] = useLocation();
  const pages = pagesOf(me.role).filter((page) => page.label);
  return (
    <nav className={classes.nav} aria-label={t('nav.main')} data-single={pages.length === 1 || undefined}>
      {pages.map(({ path, label, Icon }) => (
        <Link key={path} href={path} aria-current={location.startsWith(path) ? 'page' : undefined}>
          {Icon && <Icon size={16} />}
          <span>{label && t(label)}</span>
        </Link>
      ))}
    </nav>
  );
}
