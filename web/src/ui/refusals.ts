/** What a refusal means, in the viewer's words. */
import { notifications } from '@mantine/notifications';
import i18next from 'i18next';
import { translate, type Key } from '@/i18n';
import { Refused } from '@/live/commands';
import { RestError } from '@/rest/client';

export function explain(error: unknown): string {
  if (!(error instanceof Refused || error instanceof RestError)) return translate('error.internal');
  const key = `error.${error.code}`;
  const known = i18next.exists(key) ? translate(key as Key) : null;
  if (error.code === 'command.invalid' && error.message) return `${known} (${error.message.split(' - at ')[0]})`;
  return known ?? translate('error.unknown', { message: error.message || error.code });
}

export const showRefusal = (error: unknown): void => showProblem(explain(error));

export function showProblem(message: string): void {
  notifications.show({ color: 'clay', message, autoClose: 8000, role: 'alert' });
}

export function showDone(message: string): void {
  notifications.show({ color: 'pine', message, autoClose: 4000 });
}
