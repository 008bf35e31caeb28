/** Words in three languages. Messages stand side by side as [English, Spanish, Portuguese]; a page brings its own. */
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import type { admin } from './messages/admin';
import type { agent } from './messages/agent';
import type { catalogue } from './messages/catalogue';
import type { client } from './messages/client';
import { common } from './messages/common';
import type { dashboard } from './messages/dashboard';
import { facts } from './messages/facts';
import type { hotel } from './messages/hotel';
import type { timeline } from './messages/timeline';

export type Message = readonly [en: string, es: string, pt: string];
export type Messages = Readonly<Record<string, Message>>;

export const LANGUAGES = ['en', 'es', 'pt'] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', es: 'Español', pt: 'Português' };

type Singular<K> = K extends `${infer Stem}_one` ? Stem : K extends `${string}_other` ? never : K;
export type Key = Singular<
  keyof typeof common | keyof typeof facts | keyof typeof agent | keyof typeof hotel | keyof typeof client | keyof typeof admin | keyof typeof dashboard | keyof typeof catalogue | keyof typeof timeline
>;
export type Params = Record<string, string | number | undefined>;
export type Translate = (key: Key, params?: Params) => string;

const CHOICE = 'spirit.language';

function preferred(): Language {
  const offered = [localStorage.getItem(CHOICE), ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return LANGUAGES.find((language) => language === offered.find((tag) => LANGUAGES.includes(tag as Language))) ?? 'en';
}

void i18next.use(initReactI18next).init({
  lng: preferred(),
  fallbackLng: 'en',
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  initAsync: false,
  resources: {},
});

export function addMessages(messages: Messages): void {
  LANGUAGES.forEach((language, index) => {
    const words = Object.fromEntries(Object.entries(messages).map(([key, texts]) => [key, texts[index]]));
    i18next.addResourceBundle(language, 'translation', words, true, true);
  });
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(CHOICE, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

export const translate: Translate = (key, params) => i18next.t(key, params ?? {});

export function useT(): { t: Translate; language: Language; has: (key: string) => boolean } {
  const { t, i18n } = useTranslation();
  return {
    t: (key, params) => t(key, params ?? {}) as string,
    language: i18n.language as Language,
    has: (key) => i18n.exists(key),
  };
}

addMessages(common);
addMessages(facts);
document.documentElement.lang = i18next.language;
