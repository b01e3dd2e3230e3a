import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';

/** Where the compiler has put a module, e.g. `bench/ingest.js`: what users run. */
export function compiled(module: string): string {
  return join(PROJECT_ROOT, 'dist', module);
}
