import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import { useEffect, useState, type FormEvent } from 'react';
import { useSearch } from 'wouter';
import { useT, type Key } from '@/i18n';
import { login } from '@/live/session';
import { demoAccounts, RestError, type DemoAccounts } from '@/rest/client';
import { LanguageLinks } from '@/app/LanguageLinks';
import { Mark } from '@/ui/Mark';
import classes from './Login.module.css';

export function Login() {
  const { t } = useT();
  const [demo, setDemo] = useState<DemoAccounts | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const expired = new URLSearchParams(useSearch()).has('expired');
  useEffect(() => void demoAccounts().then(setDemo), []);

  const enter = async (email: string, password: string): Promise<void> => {
    setBusy(email);
    setProblem(null);
    try {
      await login(email, password);
    } catch (error) {
      setProblem(explainLogin(error, t));
      setBusy(null);
    }
  };

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    void enter(String(form.get('email')), String(form.get('password')));
  };

  return (
    <main className={classes.page}>
      <section className={classes.panel}>
        <header className={classes.brand}>
          <Mark size={40} />
          <div>
            <strong>{t('app.name')}</strong>
            <span>{t('app.tagline')}</span>
          </div>
        </header>
        {expired && <p className={classes.expired}>{t('login.expired')}</p>}
        <form onSubmit={submit} className={classes.form} data-testid="login-form" aria-label={t('login.title')}>
          <TextInput
            name="email"
            type="email"
            label={t('login.email')}
            autoComplete="username"
            required
            withAsterisk={false}
            size="md"
            data-testid="login-email"
          />
          <PasswordInput
            name="password"
            label={t('login.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            size="md"
            data-testid="login-password"
          />
          {problem && (
            <p className={classes.problem} role="alert">
              {problem}
            </p>
          )}
          <Button type="submit" size="md" loading={busy !== null} data-testid="login-submit">
            {t('login.submit')}
          </Button>
        </form>
        {demo && (
          <section className={classes.demo} aria-label={t('login.demo')} data-testid="demo-accounts">
            <h2 className="eyebrow">{t('login.demo')}</h2>
            <ul>
              {demo.accounts.map((account) => (
                <li key={account.email}>
                  <button
                    type="button"
                    onClick={() => void enter(account.email, demo.password)}
                    disabled={busy !== null}
                    data-testid={`demo-${account.email}`}
                  >
                    <span>
                      <b>{account.label}</b>
                      <small>{account.email}</small>
                    </span>
                    <i data-role={account.role}>{t(`role.${account.role}` as Key)}</i>
                    <IconArrowRight size={15} aria-hidden />
                  </button>
                </li>
              ))}
            </ul>
            <p>{t('login.demo_hint')}</p>
          </section>
        )}
        <LanguageLinks />
      </section>
      <Ridge />
    </main>
  );
}

function explainLogin(error: unknown, t: ReturnType<typeof useT>['t']): string {
  if (!(error instanceof RestError)) return t('login.unreachable');
  if (error.status === 429) return t('login.too_many', { seconds: error.retryAfter ?? 60 });
  return error.status < 500 ? t('login.failed') : t('login.unreachable');
}

/** The ridge line behind the form: decoration, drawn in place. */
function Ridge() {
  return (
    <svg className={classes.ridge} viewBox="0 0 1200 600" preserveAspectRatio="xMidYMax slice" aria-hidden>
      <circle cx="880" cy="170" r="54" className={classes.sun} />
      <path className={classes.far} d="M0 410 130 300l90 70 150-170 120 130 90-70 140 150 130-190 150 160 100-90 100 90v330H0z" />
      <path className={classes.mid} d="M0 480 160 360l110 90 150-130 170 150 120-90 160 110 150-140 180 150v200H0z" />
      <path className={classes.near} d="M0 540 200 450l180 70 220-100 190 90 210-80 200 90v120H0z" />
    </svg>
  );
}
