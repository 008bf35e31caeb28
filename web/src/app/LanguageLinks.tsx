import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES, useT } from '@/i18n';
import classes from './LanguageLinks.module.css';

export function LanguageLinks() {
  const { t, language } = useT();
  return (
    <div className={classes.links} role="group" aria-label={t('account.language')}>
      {LANGUAGES.map((code) => (
        <button key={code} type="button" lang={code} aria-pressed={code === language} onClick={() => chooseLanguage(code)}>
          {LANGUAGE_NAMES[code]}
        </button>
      ))}
    </div>
  );
}
