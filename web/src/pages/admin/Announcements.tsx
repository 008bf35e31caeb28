/** What is told to everybody: written here, seen at once by all. */
import { Button, Textarea, TextInput } from '@mantine/core';
import { IconSpeakerphone } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { addMessages, useT } from '@/i18n';
import { admin } from '@/i18n/messages/admin';
import { useList } from '@/live/hooks';
import type { Announcement } from '@/live/protocol';
import { useCommand } from '@/ui/Ask';
import { showDone } from '@/ui/refusals';
import { Notice, PageError, Rows } from '@/ui/states';
import { Ago } from '@/ui/Time';
import classes from './Announcements.module.css';

addMessages(admin);

export default function Announcements() {
  const { t } = useT();
  const { rows, status, reload } = useList<Announcement>('public:announcements', 'announcements', '/announcements');
  const newest = [...rows].sort((a, b) => order(b).localeCompare(order(a)));
  return (
    <div className={classes.page}>
      <h1>{t('nav.announcements')}</h1>
      <Publish />
      <h2 className="eyebrow">{t('announcements.published')}</h2>
      {status === 'loading' && rows.length === 0 && <Rows count={3} height={72} />}
      {status === 'failed' && rows.length === 0 && <PageError onRetry={reload} />}
      {status === 'ready' && rows.length === 0 && (
        <Notice icon={<IconSpeakerphone size={26} />} title={t('announcements.none')} hint={t('announcements.none_hint')} />
      )}
      <ul>
        {newest.map((item) => (
          <li key={item.id} className="card" data-testid="announcement-item">
            <b>{item.title}</b>
            {item.at && <Ago at={item.at} />}
            <p>{item.body}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}

const order = (item: Announcement): string => item.at ?? item.id;

function Publish() {
  const { t } = useT();
  const [title, setTitle] = useState('');
  const [body, setBody] = useState('');
  const { busy, run } = useCommand(() => {
    setTitle('');
    setBody('');
    showDone(t('announcements.done'));
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void run('announcement.publish', { title: title.trim(), body: body.trim() });
  };
  return (
    <form onSubmit={submit} className={`card ${classes.form}`} data-testid="announcement-form">
      <TextInput
        label={t('announcements.title')}
        maxLength={200}
        required
        withAsterisk={false}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-testid="announcement-title"
      />
      <Textarea
        label={t('announcements.body')}
        minRows={2}
        maxLength={10_000}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        data-testid="announcement-body"
      />
      <footer>
        <span>{t('announcements.hint')}</span>
        <Button type="submit" loading={busy} disabled={!title.trim()} data-testid="announcement-publish">
          {t('announcements.publish')}
        </Button>
      </footer>
    </form>
  );
}
