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
  export: ['books', 'config', 'ledger', 'model', 'store'],
  ledger: [],
  model: [],
  processor: ['abi', 'audit', 'chain', 'config', 'ledger', 'model', 'store'],
  proofs: [],
  store: ['ledger', 'model', 'proofs'],
};

/**
 * The rooms inside each room, from what uses none of the others to what uses them all: a file may use its
 * own layer and those before it. The parts of one layer, with a space between, may use each other.
 */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  api: [
    'errors.ts',
    'values',
    'limits',
    'marks',
    'reads',
    'http',
    'live/books',
    'request',
    'plugins.ts',
    // A list shows objects, and the fields of an object are lists and totals.
    'lists objects totals',
    'claimPlan',
    'live',
    'operate',
    'rest',
    'schema.ts',
    'server.ts',
  ],
  audit: ['questions', 'steps', 'disagreements', 'state.ts', 'run.ts', 'background'],
  chain: [
    'dryRun.ts heardAnswers.ts knownBalances.ts networks.ts withoutState.ts',
    'rpc',
    'node.ts',
    'sourceCheck.ts',
    'reading',
    'rehearsal',
    'contract',
    'oracle',
    'collection',
    'prices',
    'sales',
    'source',
  ],
  config: [
    'audit.ts redact.ts serving.ts',
    'file',
    'contracts',
    'sales',
    'source',
    'types.ts',
    'schema.ts',
    'issues.ts',
    'load.ts',
  ],
  export: [
    'exportErrors.ts',
    'columns',
    'datasets',
    'tax',
    'catalogue.ts',
    'dictionary.ts',
    'request',
    'write',
    'statement',
  ],
  processor: [
    'indexerOptions.ts',
    'desks',
    'reorgs',
    'holding',
    'tokens',
    'collections',
    'oracles',
    'prices',
    'sales',
    'openDesks.ts',
    'run',
    'run.ts',
    'sampledContracts.ts',
    'sample.ts',
  ],
  store: [
    'ids.ts',
    'database',
    'embedded',
    'openDatabase.ts',
    'registry',
    'read',
    'write',
    'ledgerHash',
  ],
};
/** Generated; entities of an ORM name each other. */
const GENERATED = 'src/model/';

const imports = importsOfSrc();
const arrows = [...imports].flatMap(([file, used]) => used.map((target) => ({ file, target })));

/** `null`: a file beside the rooms, which is for all of them. */
function roomOf(path: string): string | null {
  const [, room, file] = path.split('/');
  return file === undefined ? null : (room ?? null);
}

/** The place of a file among the layers of its room; -1 where no layer has it. */
function layerOf(path: string, room: string): number {
  const within = path.slice(`src/${room}/`.length);
  const parts = (LAYERS[room] ?? []).flatMap((names, index) =>
    names.split(' ').map((name) => ({ name, index })),
  );
  const holding = parts.filter(({ name }) => within === name || within.startsWith(`${name}/`));
  return holding.toSorted((a, b) => b.name.length - a.name.length)[0]?.index ?? -1;
}

test('every room of src uses only those that it may', () => {
  const rooms = readdirSync('src', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  expect(rooms.toSorted()).toEqual(Object.keys(USES));
  const between = arrows.flatMap(({ file, target }) => {
    const [from, to] = [roomOf(file), roomOf(target)];
    return from === null || to === null || from === to ? [] : [{ file, target, from, to }];
  });
  expect(between.length).toBeGreaterThan(500);
  const wrong = between.filter(({ from, to }) => !USES[from]?.includes(to));
  expect(wrong.map(({ file, target }) => `${file} uses ${target}`)).toEqual([]);
});

test('no rooms of src use each other in a circle', () => {
  expect(cyclesOf(new Map(Object.entries(USES)))).toEqual([]);
});

test.each(Object.keys(LAYERS))('inside of src/%s, each layer uses only those before it', (room) => {
  const files = [...imports.keys()].filter((file) => roomOf(file) === room);
  expect(files.filter((file) => layerOf(file, room) < 0)).toEqual([]);
  const inside = arrows.filter(
    ({ file, target }) => roomOf(file) === room && roomOf(target) === room,
  );
  const wrong = inside.filter(({ file, target }) => layerOf(target, room) > layerOf(file, room));
  expect(wrong.map(({ file, target }) => `${file} uses ${target}`)).toEqual([]);
});

test('no files of src import each other in a circle, not even for a type', () => {
  const own = [...imports].filter(([file]) => !file.startsWith(GENERATED));
  expect(cyclesOf(new Map(own))).toEqual([]);
});

test('a circle of imports is found, whatever leads to it', () => {
  const graph = { a: ['b'], b: ['c', 'e'], c: ['d'], d: ['b'], e: [] };
  expect(cyclesOf(new Map(Object.entries(graph)))).toEqual([['b', 'c', 'd']]);
});
