import { expect, it } from 'vitest';
import { healthOf, parse } from './metrics';

const TEXT = `# HELP spirit_connections Open connections.
# TYPE spirit_connections gauge
spirit_connections 10.0
process_start_time_seconds 1.79533271287e+09
spirit_commands_total{command="offer.submit",outcome="ok"} 4.0
spirit_commands_total{command="offer.submit",outcome="offer.too_late"} 1.0
spirit_commands_total{command="room.join",outcome="ok"} 32.0
spirit_command_seconds_count{command="offer.submit"} 4.0
spirit_command_seconds_sum{command="offer.submit"} 0.02
`;

it('is read from the text that the server gives', () => {
  const health = healthOf(parse(TEXT));
  expect(health).toMatchObject({ connections: 10, channels: null, upSince: 1795332712.87 });
  expect(health.commands).toEqual([
    { name: 'room.join', count: 32, refused: 0, meanMs: null },
    { name: 'offer.submit', count: 5, refused: 1, meanMs: 5 },
  ]);
});
