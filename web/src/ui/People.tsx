/** Faces of those who are here. */
import { Tooltip } from '@mantine/core';
import { useT } from '@/i18n';
import type { Member } from '@/live/protocol';
import classes from './People.module.css';

/** Dark enough for white initials in either scheme. */
const TONES = ['#0d6558', '#9a3621', '#6c4289', '#2a5a8a', '#7c500b', '#8a2f5c', '#3d6b2a', '#4a5568'];

export const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0]!.toUpperCase())
    .join('') || '·';

export function toneOf(id: string): string {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.codePointAt(0)!) >>> 0;
  return TONES[sum % TONES.length]!;
}

export function Face({ member, size = 24 }: { member: Pick<Member, 'id' | 'name'>; size?: number }) {
  return (
    <Tooltip label={member.name}>
      <span
        className={classes.face}
        style={{ '--tone': toneOf(member.id), '--size': `${size}px` } as React.CSSProperties}
        role="img"
        aria-label={member.name}
      >
        {initials(member.name)}
      </span>
    </Tooltip>
  );
}

export function Faces({ members, most = 5, size }: { members: Member[]; most?: number; size?: number }) {
  const { t } = useT();
  if (!members.length) return null;
  return (
    <div className={classes.faces} data-testid="people-here" aria-label={t('people.here')} role="group">
      {members.slice(0, most).map((member) => (
        <Face key={member.id} member={member} size={size} />
      ))}
      {members.length > most && <span className={classes.more}>+{members.length - most}</span>}
    </div>
  );
}
