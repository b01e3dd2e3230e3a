import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from './projectRoot.js';

/** The version of this program, as its package says. */
export function programVersion(): string {
  const { version }: { version?: unknown } = JSON.parse(
    readFileSync(join(PROJECT_ROOT, 'package.json'), 'utf8'),
  );
  return String(version);
}
