import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/**
 * Which rooms of src may use which. Data flows chain → ledger → store → api and export, never
 * back; `ledger` is arithmetic alone; `api` serves what `export` makes, and not the other way
 * round: what both read of the books is in `books`.
 */
const USES: Readonly<Record<string, readonly string[]>> = {
  abi: [],
  api: ['abi', 'books', 'chain', 'config', 'export', 'ledger', 'proofs', 'store'],
  audit: ['abi', 'chain', 'config', 'ledger', 'store'],
  books: ['ledger', 'store'],
  chain: ['abi', 'config', 'ledger', 'proofs'],
  cli: ['api', 'audit', 'books', 'chain', 'config', 'export', 'processor', 'proofs', 'store'],
  config: ['chain', 'ledger'],
  export: ['books', 'config', 'ledger', 'store'],
  ledger: [],
  model: [],
  processor: ['abi', 'audit', 'chain', 'config', 'ledger', 'store'],
  proofs: ['store'],
  store: ['ledger', 'proofs'],
};

const IMPORT = /(?:\bfrom|\bimport\(|\bimport)\s*'(\.[^']+)'/g;

/** `null`: a file beside the rooms, which is for all of them. */
function roomOf(path: string): string | null {
  const [, room, file] = path.split('/');
  return file === undefined ? null : (room ?? null);
}

test('every room of src uses only those that it may', () => {
  const rooms = readdirSync('src', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(rooms.toSorted()).toEqual(Object.keys(USES));
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join('src', name));
  const arrows = files.flatMap((file) => {
    const from = roomOf(file);
    return [...readFileSync(file, 'utf8').matchAll(IMPORT)].flatMap(([, target = '']) => {
      const used = normalize(join(dirname(file), target));
      const to = used.startsWith('src/') ? roomOf(used) : null;
      return from === null || to === null || from === to ? [] : [{ file, used, from, to }];
    });
  });
  expect(arrows.length).toBeGreaterThan(500);
  const wrong = arrows.filter(({ from, to }) => !USES[from]?.includes(to));
  expect(wrong.map(({ file, used }) => `${file} uses ${used}`)).toEqual([]);
});
