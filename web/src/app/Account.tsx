import { ActionIcon, Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { IconLogout } from '@tabler/icons-react';
import { chooseLanguage, LANGUAGES, useT } from '@/i18n';
import type { Language } from '@/i18n';
import type { Me } from '@/live/protocol';
import { logout } from '@/live/session';
import { initials, toneOf } from '@/ui/People';
import classes from './Account.module.css';

export function Account({ me }: { me: Me }) {
  const { t, language } = useT();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={252} closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon
          variant="transparent"
          size={30}
          className={classes.face}
          style={{ '--tone': toneOf(me.id) }}
          aria-label={`${initials(me.name)} · ${me.name} · ${t('account.menu')}`}
          data-testid="account"
        >
          {initials(me.name)}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{me.name}</strong>
          <span>
            {me.email} · {t(`role.${me.role}`)}
          </span>
        </div>
        <Menu.Divider />
        <div className={classes.setting}>
          <span className="eyebrow">{t('account.language')}</span>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t('account.language')}
            value={language}
            onChange={(code) => chooseLanguage(code as Language)}
            data={LANGUAGES.map((code) => ({ value: code, label: code.toUpperCase() }))}
          />
          <span className="eyebrow">{t('account.theme')}</span>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t('account.theme')}
            value={colorScheme}
            onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}
            data={[
              { value: 'light', label: t('account.light') },
              { value: 'dark', label: t('account.dark') },
              { value: 'auto', label: t('account.auto') },
            ]}
          />
        </div>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={logout} data-testid="logout">
          {t('account.logout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
