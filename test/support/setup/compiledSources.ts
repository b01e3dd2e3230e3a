import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'vitest/config';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';

/** Rooms whose modules tests take as compiled. */
const ROOMS = ['src', 'devnet', 'bench', 'clients', 'test'];
const COMPILED = join(PROJECT_ROOT, 'dist');

/** Modules that Node.js loads by itself, without Vite. */
export const LOADED_BY_NODE = new RegExp(`/dist/(${ROOMS.join('|')})/`);

/**
 * Gives tests the compiled modules: those of `src` and `devnet` as users run them, and their own helpers, so that each module is there once.
 * To transform the sources and to send them to each worker takes longer than to load what `npm ci` has compiled.
 */
export function compiledSources(): Plugin {
  return {
    name: 'compiled-sources',
    enforce: 'pre',
    resolveId(wanted, importer) {
      if (importer === undefined || !wanted.startsWith('.')) return null;
      const path = relative(PROJECT_ROOT, join(dirname(importer), wanted));
      if (!ROOMS.some((room) => path.startsWith(`${room}/`))) return null;
      const compiled = join(COMPILED, path);
      // What is set up before the first compilation takes the source.
      return existsSync(compiled) ? compiled : null;
    },
  };
}
