import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cyclesOf, importsOfSrc } from './support/imports.js';

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
  config: ['ledger'],
  export: ['books', 'config', 'ledger', 'store'],
  ledger: [],
  model: [],
  processor: ['abi', 'audit', 'chain', 'config', 'ledger', 'store'],
  proofs: [],
  store: ['ledger', 'proofs'],
};
/** Generated; entities of an ORM name each other. */
const GENERATED = 'src/model/';

const imports = importsOfSrc();

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
  const arrows = [...imports].flatMap(([file, used]) =>
    used.flatMap((target) => {
      const [from, to] = [roomOf(file), roomOf(target)];
      return from === null || to === null || from === to ? [] : [{ file, target, from, to }];
    }),
  );
  expect(arrows.length).toBeGreaterThan(500);
  const wrong = arrows.filter(({ from, to }) => !USES[from]?.includes(to));
  expect(wrong.map(({ file, target }) => `${file} uses ${target}`)).toEqual([]);
});

test('no rooms of src use each other in a circle', () => {
  expect(cyclesOf(new Map(Object.entries(USES)))).toEqual([]);
});

test('no files of src import each other in a circle, not even for a type', () => {
  const own = [...imports].filter(([file]) => !file.startsWith(GENERATED));
  expect(cyclesOf(new Map(own))).toEqual([]);
});

test('a circle of imports is found, whatever leads to it', () => {
  const graph = { a: ['b'], b: ['c', 'e'], c: ['d'], d: ['b'], e: [] };
  expect(cyclesOf(new Map(Object.entries(graph)))).toEqual([['b', 'c', 'd']]);
});
