/** What the operator looks at in the server's metrics, read from Prometheus' text. */

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const LINE = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function parse(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const match = LINE.exec(line);
    if (!match) return [];
    const labels = Object.fromEntries([...(match[2] ?? '').matchAll(LABEL)].map(([, name, value]) => [name!, value!]));
    return [{ name: match[1]!, labels, value: Number(match[3]) }];
  });
}

export interface Health {
  connections: number | null;
  channels: number | null;
  outboxAge: number | null;
  slowReaders: number | null;
  memory: number | null;
  upSince: number | null;
  commands: { name: string; count: number; refused: number; meanMs: number | null }[];
}

export function healthOf(samples: readonly Sample[]): Health {
  const one = (name: string): number | null => samples.find((sample) => sample.name === name)?.value ?? null;
  return {
    connections: one('spirit_connections'),
    channels: one('spirit_channels'),
    outboxAge: one('spirit_outbox_age_seconds'),
    slowReaders: one('spirit_slow_readers_total'),
    memory: one('process_resident_memory_bytes'),
    upSince: one('process_start_time_seconds'),
    commands: commandsOf(samples),
  };
}

function commandsOf(samples: readonly Sample[]): Health['commands'] {
  const totals = samples.filter(({ name }) => name === 'spirit_commands_total');
  const names = [...new Set(totals.map(({ labels }) => labels.command ?? ''))];
  const sum = (command: string, keep: (sample: Sample) => boolean): number =>
    totals.filter((sample) => sample.labels.command === command && keep(sample)).reduce((all, { value }) => all + value, 0);
  const seconds = (command: string, part: string): number =>
    samples.find(({ name, labels }) => name === `spirit_command_seconds_${part}` && labels.command === command)?.value ?? 0;
  return names
    .map((name) => ({
      name,
      count: sum(name, () => true),
      refused: sum(name, ({ labels }) => labels.outcome !== 'ok'),
      meanMs: seconds(name, 'count') ? (1000 * seconds(name, 'sum')) / seconds(name, 'count') : null,
    }))
    .sort((a, b) => b.count - a.count);
}
