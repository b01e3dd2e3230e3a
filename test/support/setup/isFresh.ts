import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';

/** Nothing is made of test files. */
const TEST = '.test.ts';

/** Whether a file is there, and nothing of its sources was changed since it was made, as after `npm ci`. */
export function isFresh(made: string, sources: readonly string[]): boolean {
  const file = join(PROJECT_ROOT, made);
  if (!existsSync(file)) return false;
  const madeAt = statSync(file).mtimeMs;
  return sources
    .map((source) => join(PROJECT_ROOT, source))
    .flatMap((source) => [source, ...filesIn(source)])
    .every((source) => statSync(source).mtimeMs < madeAt);
}

function filesIn(folder: string): string[] {
  if (!statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith(TEST))
    .map((name) => join(folder, name));
}
