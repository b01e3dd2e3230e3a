import { execFile } from 'node:child_process';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporaryFolder.js';

/** What is left out of a file, and the error that the compiler then has for it. */
const LEFT_OUT = [
  [
    'the parts of a policy',
    'src/ledger/policies/known/altRevenue.ts',
    / {2}parts: .*\n/,
    "'parts' is missing",
  ],
  [
    'the text of a policy',
    'src/ledger/policies/known/altRevenue.ts',
    / {2}text: .*\n/,
    "'text' is missing",
  ],
  [
    'a storage layout or null',
    'src/ledger/policies/known/oneAsset.ts',
    / {2}storage: .*\n/,
    "'storage' is missing",
  ],
  [
    'own rules or null',
    'src/ledger/policies/known/oneAsset.ts',
    / {2}own: .*\n/,
    "'own' is missing",
  ],
  [
    'whether a part changes figures',
    'src/ledger/policies/parts.ts',
    / {2}rollOver: true,\n/,
    "'rollOver' is missing",
  ],
  [
    'how money of a kind is shared',
    'src/ledger/policies/compose.ts',
    / {2}'one-asset': .*\n/,
    '\'"one-asset"\' is missing',
  ],
  [
    'how a part is stored',
    'src/store/read/tokens/storedPolicy.ts',
    / {2}rounding: .*\n/,
    "'rounding' is missing",
  ],
  [
    'the text of a word of a part',
    'src/api/objects/tokens/token.ts',
    / {6}windowed: .*\n/,
    "'windowed' is missing",
  ],
  ['the rules of a kind of sale', 'src/chain/sales/registry.ts', '  lbp,\n', "'lbp' is missing"],
  [
    'the text of a kind of sale',
    'src/chain/sales/fixedPrice.ts',
    / {2}text: .*\n/,
    "'text' is missing",
  ],
  [
    'the views of a kind of sale',
    'src/chain/sales/custom.ts',
    '  views: null,\n',
    "'views' is missing",
  ],
  [
    'the terms of a kind of sale',
    'src/chain/sales/custom.ts',
    '  terms: null,\n',
    "'terms' is missing",
  ],
  ['a getter that the rule needs', 'src/chain/sales/launchpad.ts', / {6}target: .*\n/, "'target'"],
  [
    'the text of a kind of entry',
    'src/api/values/saleEnums.ts',
    / {4}sell: .*\n/,
    "'sell' is missing",
  ],
  [
    'the key of a kind of entry',
    'src/config/sales/mappingKinds.ts',
    / {2}sell: .*\n/,
    "'sell' is missing",
  ],
  [
    'the text of a kind of receipt',
    'src/api/values/enums.ts',
    / {2}call: .*\n/,
    "'call' is missing",
  ],
  [
    'the owners of a list',
    'src/api/lists/claims.ts',
    '  owners: OF_BOOKS,\n',
    "'owners' is missing",
  ],
  [
    'a filter that its reader has',
    'src/api/lists/claims.ts',
    / {4}holder: 'Only .*\n/,
    "'holder' is missing",
  ],
  [
    'a field that the list declares in its rows',
    'src/api/lists/mints.ts',
    / {4}collection: collectionIdentity.*\n/,
    "'collection' is missing",
  ],
  [
    'the text of a field that has none in schema.graphql',
    'src/api/lists/journal.ts',
    "'Who was paid; in a sale also who paid in.', ",
    'No overload matches',
  ],
  [
    'the whole name of a column',
    'src/api/lists/claims.ts',
    /(?<=columns\.snapshot)Id/,
    "'snapshot' does not exist",
  ],
  [
    'the summary of a dataset',
    'src/export/datasets/redemptions.ts',
    / {2}summary: .*\n/,
    "'summary' is missing",
  ],
  [
    'the table of a dataset',
    'src/export/datasets/redemptions.ts',
    / {2}table: .*\n/,
    "'table' is missing",
  ],
] as const;

/** Three tables that get one column more, and the file that computes what a row says. */
const COMPUTED_IN = {
  Receipt: 'src/processor/tokens/book/tokenBook.ts',
  Claim: 'src/processor/tokens/book/revenueBook.ts',
  OracleRequest: 'src/processor/oracles/oracleBook.ts',
};
const MAKE_TABLES = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import { tableFiles } from './scripts/tables.mjs';
  for (const [name, source] of tableFiles(readFileSync('schema.graphql', 'utf8')))
    writeFileSync('src/model/tables/' + name, source);`;

let folder: string;
let output: string;

/**
 * A scratch copy of the program with new columns in schema.graphql and what codegen makes of it, and
 * with a broken copy next to some of its files; compiled together, since that takes half a minute.
 */
beforeAll(async () => {
  folder = await temporaryFolder();
  for (const name of ['src', 'devnet', 'scripts']) {
    await cp(name, join(folder, name), { recursive: true });
  }
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await addColumns();
  const broken = LEFT_OUT.map(async ([, file, piece], index) => {
    const text = await readFile(file, 'utf8');
    const without = text.replace(piece, '');
    expect(without, `${file} has no ${piece}`).not.toBe(text);
    await writeFile(join(folder, copyOf(file, index)), without);
  });
  await Promise.all(broken);
  const { compilerOptions } = JSON.parse(await readFile('tsconfig.json', 'utf8'));
  const include = ['src', 'devnet'];
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include }));
  await writeFile(join(folder, 'package.json'), '{"type": "module"}');
  output = await new Promise((done) => {
    // Several checkers find out much of the same, each for itself: one takes half of the CPU.
    const args = ['--pretty', 'false', '--checkers', '1'];
    execFile('node_modules/.bin/tsc', args, { cwd: folder }, (_, text) => done(text));
  });
});

async function addColumns(): Promise<void> {
  let schema = await readFile('schema.graphql', 'utf8');
  for (const entity of Object.keys(COMPUTED_IN)) {
    const body = new RegExp(`^(type ${entity} [^}]*)\n}`, 'm');
    schema = schema.replace(body, '$1\n  "A new column."\n  addedColumn: String!\n}');
  }
  await writeFile(join(folder, 'schema.graphql'), schema);
  const args = ['--input-type=module', '--eval', MAKE_TABLES];
  await promisify(execFile)(process.execPath, args, { cwd: folder });
}

function copyOf(file: string, index: number): string {
  return file.replace(/\.ts$/, `.without${index}.ts`);
}

test.each(LEFT_OUT.map((left, index) => [...left, index] as const))(
  'without %s, %s does not compile',
  (_, file, __, error, index) => {
    const errors = output.split('\n').filter((line) => line.startsWith(copyOf(file, index)));
    expect(errors.join('\n')).toContain(error);
  },
);

test('whatever is whole compiles, and a new column asks for its value in one file, besides schema.graphql and a migration', () => {
  const files = output.split('\n').flatMap((line) => /^[a-z]+\/[^(]+(?=\()/.exec(line) ?? []);
  const broken = LEFT_OUT.map(([, file], index) => copyOf(file, index));
  expect([...new Set(files)].toSorted()).toEqual(
    [...broken, ...Object.values(COMPUTED_IN)].toSorted(),
  );
});

test('a new column is written, read, hashed and exported without another word', async () => {
  const load = (file: string) => import(/* @vite-ignore */ join(folder, 'src', file));
  const { claimLine } = await load('model/tables/claim.ts');
  const line: string = claimLine('1', CLAIM, CLAIM);
  expect(line.split('\t').at(-1)).toBe('here\n');
  const { CLAIMS } = await load('store/read/operations/claims.ts');
  expect(CLAIMS.columns).toContain('o."added_column"');
  expect(CLAIMS.decode(CLAIM_ROW).addedColumn).toBe('here');
  const { HASHED_TABLES } = await load('store/ledgerHash/hashedTables.ts');
  const hashed = HASHED_TABLES.find(({ name }: { name: string }) => name === 'claim');
  expect(hashed.values).toContain('added_column');
  const { claims } = await load('export/datasets/claims.ts');
  expect(claims.columns.at(-1)).toMatchObject({
    name: 'added_column',
    type: 'text',
    description: 'A new column.',
    isNullable: false,
  });
});

const CLAIM = { transactionHash: '0x', holder: '0x', addedColumn: 'here' };
const CLAIM_ROW = {
  holder: Buffer.alloc(20),
  transaction_hash: Buffer.alloc(32),
  snapshot_id: 1,
  amount_wei: '1',
  snapshot_claimed_wei: '1',
  added_column: 'here',
};
