import { execFile } from 'node:child_process';
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
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

let output: string;

/** A scratch copy of the sources with a broken copy next to each file, compiled together. */
beforeAll(async () => {
  const folder = await temporaryFolder();
  await cp('src', join(folder, 'src'), { recursive: true });
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const broken = LEFT_OUT.map(async ([, file, piece], index) => {
    const text = await readFile(file, 'utf8');
    const without = text.replace(piece, '');
    expect(without, `${file} has no ${piece}`).not.toBe(text);
    await writeFile(join(folder, copyOf(file, index)), without);
  });
  await Promise.all(broken);
  const { compilerOptions } = JSON.parse(await readFile('tsconfig.json', 'utf8'));
  const files = LEFT_OUT.map(([, file], index) => copyOf(file, index));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  await writeFile(join(folder, 'package.json'), '{"type": "module"}');
  output = await new Promise((done) => {
    execFile('node_modules/.bin/tsc', ['--pretty', 'false'], { cwd: folder }, (_, text) =>
      done(text),
    );
  });
});

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

test('whatever is whole compiles', () => {
  const files = output.split('\n').flatMap((line) => /^src\/[^(]+/.exec(line) ?? []);
  expect([...new Set(files)].toSorted()).toEqual(
    LEFT_OUT.map(([, file], index) => copyOf(file, index)).toSorted(),
  );
});
