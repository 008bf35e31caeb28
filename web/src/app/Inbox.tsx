import { ActionIcon, Button, Indicator, Popover } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { useT, type Key } from '@/i18n';
import { ackInbox } from '@/live/connection';
import { useInbox } from '@/live/hooks';
import type { InboxItem, Me } from '@/live/protocol';
import { Ago } from '@/ui/Time';
import { useLive } from '@/live/store';
import classes from './Inbox.module.css';
import { quotationPath } from './pages';

export function Inbox({ me }: { me: Me }) {
  const { t } = useT();
  const [open, setOpen] = useState(false);
  const items = [...useInbox()].sort((a, b) => b.at.localeCompare(a.at));
  const left = useLive((live) => live.inbox.left);
  const count = Math.max(items.length, left);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" width={340} trapFocus>
      <Indicator disabled={count === 0} label={count > 99 ? '99+' : count} size={16} offset={4} color="clay.7">
        <Popover.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={32}
            onClick={() => setOpen(!open)}
            aria-label={t('inbox.open', { count })}
            data-testid="inbox"
          >
            <IconBell size={18} />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown className={classes.inbox}>
        <header>
          <h2>{t('inbox.title')}</h2>
          {items.length > 0 && (
            <Button variant="subtle" size="compact-xs" onClick={() => void ackInbox(items.map((item) => item.id))}>
              {t('inbox.ack_all')}
            </Button>
          )}
        </header>
        {items.length === 0 && <p className={classes.empty}>{t('inbox.empty')}</p>}
        <ul>
          {items.map((item) => (
            <Item key={item.id} item={item} me={me} onOpen={() => setOpen(false)} />
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

function Item({ item, me, onOpen }: { item: InboxItem; me: Me; onOpen: () => void }) {
  const { t, has } = useT();
  const [, go] = useLocation();
  const key = [`told.${item.kind}`, `fact.${item.kind}`, 'fact.other'].find(has) as Key;
  const open = (): void => {
    void ackInbox([item.id]);
    onOpen();
    if (item.quotation_id) go(quotationPath(me.role, item.quotation_id));
  };
  return (
    <li>
      <button type="button" onClick={open} data-testid="inbox-item">
        <span>
          <b>{item.title}</b>
          <span className={classes.what}>{t(key)}</span>
        </span>
        <Ago at={item.at} />
      </button>
    </li>
  );
}
