import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '..');
const STYLES = join(SRC, '../node_modules/@mantine/core/styles');

const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

function imported(): string[] {
  const names = sources.flatMap((name) =>
    [...readFileSync(join(SRC, name), 'utf8').matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)].flatMap((match) =>
      match[1]!.split(',').map((one) => one.trim()),
    ),
  );
  return [...new Set(names)].filter((name) => existsSync(join(STYLES, `${name}.layer.css`))).sort();
}

it('every component that is used has its styles', () => {
  const listed = readFileSync(join(SRC, 'app/mantine.ts'), 'utf8');
  expect(imported().filter((name) => !listed.includes(`/${name}.layer.css`))).toEqual([]);
});
