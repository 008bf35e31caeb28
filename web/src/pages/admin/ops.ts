/** What the operations page works out of successive readings: rates, and how they went in the last minutes. */
import type { components } from '@/generated/api';

/** The server fills in what a process of another version does not tell. */
type Whole<T> = T extends object ? { [K in keyof T]-?: Whole<T[K]> } : T;

export type Ops = Whole<components['schemas']['OpsView']>;
export type Process = Ops['processes'][number];

/** Per second; `cpu` is the share of one core. */
export interface Rates {
  commands: number;
  refusals: number;
  deliveries: number;
  /** Frames whose way was timed, and the seconds that they took. */
  timed: number;
  timedSeconds: number;
  frames: number;
  cpu: number;
}

/** How long a fact took to its readers' sockets of late, in ms; null if none was on its way. */
export function delayOf(past: readonly Rates[]): number | null {
  const latest = past.findLast(({ timed }) => timed > 0);
  return latest ? (1000 * latest.timedSeconds) / latest.timed : null;
}

export interface Followed {
  process: Process;
  /** The newest last; empty until the process has told twice. */
  past: readonly Rates[];
}

export interface Seen {
  ops: Ops;
  processes: readonly Followed[];
  /** Of all living processes together. */
  past: readonly Rates[];
}

/** Two minutes, at a reading every two seconds. */
export const KEPT = 60;

export const ROLES = ['node', 'relay', 'worker'] as const;
export type ProcessRole = (typeof ROLES)[number];

export const rolesOf = (process: Process): ProcessRole[] => ROLES.filter((role) => process[role] !== null);

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const COUNTED: Record<keyof Rates, (process: Process) => number> = {
  commands: ({ node }) => sum(Object.values(node?.commands ?? {}).map(({ count }) => count)),
  refusals: ({ node }) => sum(Object.values(node?.refusals ?? {})),
  deliveries: ({ node }) => node?.deliveries ?? 0,
  timed: ({ node }) => node?.timed ?? 0,
  timedSeconds: ({ node }) => node?.timed_seconds ?? 0,
  frames: ({ relay }) => relay?.frames ?? 0,
  cpu: ({ cpu_seconds }) => cpu_seconds,
};

const ratesBy = (rate: (name: keyof Rates) => number): Rates =>
  Object.fromEntries(Object.keys(COUNTED).map((name) => [name, rate(name as keyof Rates)])) as unknown as Rates;

/** Between two readings of one process, by its own clock; null if it has told nothing new. */
export function ratesOf(before: Process, after: Process): Rates | null {
  const seconds = (Date.parse(after.at) - Date.parse(before.at)) / 1000;
  if (!(seconds > 0)) return null;
  return ratesBy((name) => Math.max(0, COUNTED[name](after) - COUNTED[name](before)) / seconds);
}

export function follow(before: Seen | null, ops: Ops): Seen {
  const known = new Map(before?.processes.map((one) => [one.process.id, one]));
  const processes = byRole(ops.processes).map((process) => followed(known.get(process.id), process));
  const latest = processes.flatMap(({ process, past }) => (process.alive ? past.slice(-1) : []));
  const total = ratesBy((name) => sum(latest.map((rates) => rates[name])));
  return { ops, processes, past: latest.length ? [...(before?.past ?? []), total].slice(-KEPT) : [] };
}

function followed(before: Followed | undefined, process: Process): Followed {
  const rates = before ? ratesOf(before.process, process) : null;
  const past = before?.past ?? [];
  return { process, past: rates ? [...past, rates].slice(-KEPT) : past };
}

/** Nodes first, then relays, then workers; the oldest of each first, as the server has them. */
const byRole = (processes: readonly Process[]): Process[] =>
  [...processes].sort((a, b) => place(a) - place(b));

const place = (process: Process): number => ROLES.findIndex((role) => process[role] !== null);

export interface Totals {
  connections: number;
  behind: number;
  slow_readers: number;
}

/** Of the living nodes. */
export function totalsOf({ processes }: Ops): Totals {
  const nodes = processes.flatMap(({ alive, node }) => (alive && node ? [node] : []));
  return {
    connections: sum(nodes.map(({ connections }) => connections)),
    behind: sum(nodes.map(({ behind }) => behind)),
    slow_readers: sum(nodes.map(({ slow_readers }) => slow_readers)),
  };
}

export const aliveOf = ({ processes }: Ops, role: ProcessRole): number =>
  processes.filter((process) => process.alive && process[role] !== null).length;

export interface Command {
  name: string;
  count: number;
  refused: number;
  meanMs: number | null;
}

/** All nodes' commands since their start, the most frequent first. */
export function commandsOf({ processes }: Ops): Command[] {
  const sums = new Map<string, { count: number; refused: number; seconds: number }>();
  for (const [name, told] of processes.flatMap(({ node }) => Object.entries(node?.commands ?? {}))) {
    const so = sums.get(name) ?? { count: 0, refused: 0, seconds: 0 };
    sums.set(name, { count: so.count + told.count, refused: so.refused + told.refused, seconds: so.seconds + told.seconds });
  }
  return [...sums]
    .map(([name, { count, refused, seconds }]) => ({ name, count, refused, meanMs: count ? (1000 * seconds) / count : null }))
    .sort((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

/** How many are shown. */
export const WORST = 20;

export interface Lagging {
  channel: string;
  frames: number;
  /** Where it lags: host and process. */
  at: string;
}

/** The channels of living nodes that are furthest behind, the worst first. */
export function laggingOf({ processes }: Ops): Lagging[] {
  return processes
    .flatMap(({ alive, node, host, pid }) =>
      alive && node ? node.lagging.map(({ channel, frames }) => ({ channel, frames, at: `${host}:${pid}` })) : [],
    )
    .sort((a, b) => b.frames - a.frames || a.channel.localeCompare(b.channel) || a.at.localeCompare(b.at))
    .slice(0, WORST);
}

/** All nodes' refusals since their start, the most frequent first. */
export function refusalsOf({ processes }: Ops): { code: string; count: number }[] {
  const sums = new Map<string, number>();
  for (const [code, count] of processes.flatMap(({ node }) => Object.entries(node?.refusals ?? {})))
    sums.set(code, (sums.get(code) ?? 0) + count);
  return [...sums].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count || a.code.localeCompare(b.code));
}
