/** The quotation's name, state and people, with the next sensible action. */
import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconArrowLeft, IconCalendarPlus, IconDots, IconDoorExit, IconSend, IconTrophy, IconUserPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { homeOf } from '@/app/pages';
import { useT } from '@/i18n';
import { useMe, useMembers } from '@/live/hooks';
import type { Offer, QuotationView } from '@/live/protocol';
import { StateBadge } from '@/ui/Badge';
import { neededLine } from '@/ui/fields/typings';
import { TextTerm } from '@/ui/fields/TextTerm';
import { Faces } from '@/ui/People';
import { Deadline } from '@/ui/Time';
import { AwardDialog } from './AwardDialog';
import { CancelDialog, CloseDialog, ExtendDialog } from './dialogs';
import classes from './Header.module.css';
import { competing, hotelName } from './offers';
import { PublishDialog } from './PublishDialog';

type Dialog = 'publish' | 'invite' | 'extend' | 'close' | 'cancel' | 'award' | null;

const ENDED = new Set(['cancelled', 'expired', 'completed']);
const MOST_EXTENSIONS = 2;

export function Header({ view }: { view: QuotationView }) {
  const { t } = useT();
  const me = useMe();
  const members = useMembers(view.id);
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = (): void => setDialog(null);
  const best = competing(view)[0];
  return (
    <header className={classes.header}>
      <ActionIcon
        component={Link}
        href={homeOf(me.role)}
        variant="subtle"
        color="gray"
        aria-label={t('action.back')}
      >
        <IconArrowLeft size={18} />
      </ActionIcon>
      <h1 className="visually-hidden">{view.title}</h1>
      <div className={classes.title}>
        <TextTerm id={view.id} field="title" label={t('term.title')} typing={neededLine} bare className={classes.name} />
      </div>
      {view.state && <StateBadge state={view.state} />}
      {view.state === 'published' && (
        <span className={classes.deadline} data-testid="deadline">
          <Deadline at={view.deadline} />
        </span>
      )}
      <div className={classes.space} />
      <Faces members={members} />
      <NextAction view={view} best={best} open={setDialog} />
      <MoreActions view={view} open={setDialog} />
      {(dialog === 'publish' || dialog === 'invite') && <PublishDialog view={view} inviting={dialog === 'invite'} onClose={close} />}
      {dialog === 'extend' && <ExtendDialog view={view} onClose={close} />}
      {dialog === 'close' && <CloseDialog view={view} onClose={close} />}
      {dialog === 'cancel' && <CancelDialog view={view} onClose={close} />}
      {dialog === 'award' && best && <AwardDialog view={view} offer={best} onClose={close} />}
    </header>
  );
}

interface ActionProps {
  view: QuotationView;
  open: (dialog: Dialog) => void;
}

function NextAction({ view, best, open }: ActionProps & { best: Offer | undefined }) {
  const { t } = useT();
  const { state } = view;
  if (state === 'draft') {
    return (
      <Button leftSection={<IconSend size={15} />} onClick={() => open('publish')} data-testid="publish">
        {t('next.publish')}
      </Button>
    );
  }
  if ((state === 'published' || state === 'reviewing') && best) {
    const hotel = hotelName(view, best.hotel_id);
    return (
      <Button
        leftSection={<IconTrophy size={15} />}
        variant={state === 'published' ? 'light' : 'filled'}
        onClick={() => open('award')}
        data-testid="award"
      >
        {t('next.award', { hotel })}
      </Button>
    );
  }
  const waiting = {
    published: 'next.waiting_offers',
    reviewing: 'next.no_offers',
    awarded: 'next.waiting_client',
    accepted: view.deposit?.required ? 'next.waiting_deposit' : 'next.waiting_hotels',
    deposit_paid: 'next.waiting_hotels',
    confirmed: 'next.done',
  } as const;
  const key = waiting[state as keyof typeof waiting];
  return key ? <span className={classes.waiting}>{t(key)}</span> : null;
}

function MoreActions({ view, open }: ActionProps) {
  const { t } = useT();
  const { state } = view;
  const extensions = MOST_EXTENSIONS - Object.keys(view.extensions ?? {}).length;
  if (!state || ENDED.has(state)) return null;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="default" size={30} aria-label={t('action.more')} data-testid="more">
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {state === 'published' && (
          <>
            <Menu.Item leftSection={<IconUserPlus size={15} />} onClick={() => open('invite')} data-testid="invite">
              {t('act.invite')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconCalendarPlus size={15} />}
              onClick={() => open('extend')}
              disabled={extensions <= 0}
              data-testid="extend"
            >
              {t('act.extend')}
            </Menu.Item>
            <Menu.Item leftSection={<IconDoorExit size={15} />} onClick={() => open('close')} data-testid="close">
              {t('act.close')}
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        <Menu.Item color="clay" leftSection={<IconX size={15} />} onClick={() => open('cancel')} data-testid="cancel">
          {t('act.cancel')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
