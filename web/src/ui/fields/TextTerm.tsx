/** A term that is typed: text, numbers, amounts. Enter or leaving sends it, Esc drops it, a reload keeps it. */
import { useState, type KeyboardEvent } from 'react';
import { useT, type Key } from '@/i18n';
import { dropDraft, keepDraft, readDraft } from '@/live/drafts';
import { useMe, useQuotationView } from '@/live/hooks';
import type { Json } from '@/live/protocol';
import { editable } from '@/lib/terms';
import { Field } from './Field';
import { useTerm } from './useTerm';

/** How a value is typed: both ways between text and value. `parse` gives the message of what is wrong instead. */
export interface Typing {
  show: (value: Json | undefined) => string;
  parse: (typed: string) => { value: Json } | { problem: Key };
  numeric?: boolean;
}

export interface TextTermProps {
  id: string;
  field: string;
  label: string;
  typing: Typing;
  multiline?: boolean;
  bare?: boolean;
  placeholder?: string;
  className?: string;
  type?: 'date';
}

export function TextTerm({ id, field, label, typing, multiline, bare, placeholder, className, type: inputType }: TextTermProps) {
  const { t } = useT();
  const user = useMe().id;
  const term = useTerm(id, field);
  const view = useQuotationView(id);
  const [draft, setDraft] = useState(() => readDraft(user, id, field));
  const [problem, setProblem] = useState<Key | null>(null);
  const [focused, setFocused] = useState(false);
  const { allowed, outdates } = view ? editable(view, field) : { allowed: false, outdates: false };

  const type = (typed: string): void => {
    const next = { value: typed, base: draft?.base ?? term.version };
    setDraft(next);
    setProblem(null);
    keepDraft(user, id, field, next);
  };
  const drop = (): void => {
    setDraft(null);
    setProblem(null);
    dropDraft(user, id, field);
  };
  const send = (): void => {
    if (!draft) return;
    const typed = String(draft.value);
    if (typed === typing.show(term.values[field])) return drop();
    const parsed = typing.parse(typed);
    if ('problem' in parsed) return setProblem(parsed.problem);
    setDraft(null);
    term.commit({ [field]: parsed.value }, draft.base);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>): void => {
    if (event.key === 'Enter' && (!multiline || event.metaKey || event.ctrlKey)) send();
    if (event.key === 'Escape' && draft) {
      drop();
      event.stopPropagation();
    }
  };

  const Control = multiline ? 'textarea' : 'input';
  return (
    <Field
      term={term}
      label={label}
      bare={bare}
      hint={outdates ? t('field.outdates') : undefined}
      error={problem && t(problem)}
      unsent={draft !== null && !focused}
      locked={!allowed}
    >
      <Control
        className={className}
        aria-label={label}
        aria-invalid={problem !== null || undefined}
        data-testid={`field-${field}`}
        type={inputType}
        data-numeric={typing.numeric}
        inputMode={typing.numeric ? 'decimal' : undefined}
        autoComplete="off"
        disabled={!allowed}
        placeholder={allowed ? (placeholder ?? t('field.empty')) : '–'}
        value={draft ? String(draft.value) : typing.show(term.values[field])}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onFocus={() => (setFocused(true), term.onFocus())}
        onBlur={() => (setFocused(false), send(), term.onBlur())}
      />
    </Field>
  );
}
