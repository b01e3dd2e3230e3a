import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { documentedBlocks } from '../support/docs/blocks.js';

/** What runs the blocks of a language on a page. */
type Runs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The test file that runs all blocks of this language on this page. */
const RUN_BY: Runs = {
  'docs/accounting.md': { graphql: 'test/docs/accounting.test.ts' },
  'docs/analysis.md': { sh: 'test/docs/commands.test.ts', sql: 'test/export/analysis.ts' },
  'docs/api.md': { graphql: 'test/docs/api.test.ts' },
  'docs/assets.md': { graphql: 'test/docs/recipes.test.ts' },
  'docs/audit.md': { sh: 'test/docs/commands.test.ts', yaml: 'test/docs/manifests.test.ts' },
  'docs/changes.md': { sh: 'test/docs/commands.test.ts' },
  'docs/claims.md': { graphql: 'test/docs/recipes.test.ts', sh: 'test/docs/recipes.test.ts' },
  'docs/dashboards.md': {
    graphql: 'test/docs/dashboards.test.ts',
    json: 'test/docs/dashboards.test.ts',
  },
  'docs/data.md': { sh: 'test/docs/recipes.test.ts', sql: 'test/export/exactSums.test.ts' },
  'docs/factories.md': { yaml: 'test/docs/manifests.test.ts' },
  'docs/init.md': { sh: 'test/docs/commands.test.ts' },
  'docs/lake.md': { sh: 'test/docs/commands.test.ts', sql: 'test/lake/lake.test.ts' },
  'docs/live.md': {
    graphql: 'test/docs/live.test.ts',
    js: 'test/docs/live.test.ts',
    sh: 'test/docs/live.test.ts',
  },
  'docs/oracles.md': { yaml: 'test/docs/manifests.test.ts' },
  'docs/page.md': { html: 'test/dashboard/demo/describePieces.ts' },
  'docs/policies.md': { yaml: 'test/docs/manifests.test.ts' },
  'docs/pools.md': { yaml: 'test/docs/manifests.test.ts' },
  'docs/prices.md': {
    graphql: 'test/export/prices.test.ts',
    sh: 'test/export/prices.test.ts',
    yaml: 'test/docs/manifests.test.ts',
  },
  'docs/proofs.md': { graphql: 'test/api/commitments.test.ts', sh: 'test/docs/commands.test.ts' },
  'docs/reliability.md': { sh: 'test/docs/commands.test.ts' },
  'docs/run/backup.md': { sh: 'test/docs/commands.test.ts' },
  'docs/run/groups.md': { yaml: 'test/docs/manifests.test.ts' },
  'docs/run/install.md': { sh: 'test/docs/commands.test.ts', yaml: 'test/docs/manifests.test.ts' },
  'docs/sales.md': { yaml: 'test/docs/manifests.test.ts' },
  'docs/serving.md': {
    json: 'test/docs/recipes.test.ts',
    nginx: 'test/api/http/nginx.test.ts',
    sh: 'test/docs/commands.test.ts',
    yaml: 'test/docs/manifests.test.ts',
  },
  'docs/statement.md': { sh: 'test/docs/recipes.test.ts' },
  'docs/taxes.md': { sh: 'test/docs/commands.test.ts' },
  'docs/yield.md': { graphql: 'test/api/yields/yield.test.ts' },
  'ARCHITECTURE.md': { mermaid: 'test/docs/architecture.test.ts' },
  'README.md': {
    graphql: 'test/docs/recipes.test.ts',
    sh: 'test/docs/commands.test.ts',
    yaml: 'test/docs/manifests.test.ts',
  },
  'clients/ts/README.md': {
    sh: 'test/docs/commands.test.ts',
    ts: 'test/api/clients/typedClient.test.ts',
  },
};

/** Single blocks: by how they start, the test that runs them. */
const STARTS: readonly (readonly [file: string, start: string, test: string])[] = [
  ['docs/api.md', 'const config: CodegenConfig', 'test/api/clients/typedClient.test.ts'],
  ['docs/api.md', 'const getDataID', 'test/api/clients/relayStore.ts'],
  ['docs/api.md', 'const ofPage', 'test/api/clients/identity.test.ts'],
  ['docs/doctor.md', 'imo-ledger doctor --json', 'test/docs/commands.test.ts'],
  ['docs/taxes.md', 'skip 1', 'test/support/programs/hledger.ts'],
];

/** What a command prints: nobody can run it. The figures are of one chain at one time. */
const OUTPUTS: readonly (readonly [file: string, start: string])[] = [
  ['README.md', 'Revenue tokens, at block'],
  ['README.md', 'seed 42:'],
  ['docs/audit.md', 'ethereum, block 21,000,000'],
  ['docs/audit.md', 'MISMATCH balanceOf'],
  ['docs/changes.md', '$ imo-ledger plan'],
  ['docs/claims.md', 'ethereum:0xe501'],
  ['docs/doctor.md', 'warning NODE_NO_TRACE_FILTER'],
  ['docs/reliability.md', 'seed 7641:'],
];

const BLOCKS = documentedBlocks();

const isNamed = (entries: readonly (readonly [string, string, ...string[]])[], index: number) => {
  const { file, text } = BLOCKS[index] ?? { file: '', text: '' };
  return entries.some(([of, start]) => of === file && text.startsWith(start));
};

describe('the blocks of the documents', () => {
  test('are all run by a test, or are what a command prints', () => {
    const loose = BLOCKS.filter(
      ({ file, language }, index) =>
        RUN_BY[file]?.[language] === undefined &&
        !isNamed(STARTS, index) &&
        !isNamed(OUTPUTS, index),
    );
    expect(loose.map(({ file, line, language }) => `${file}:${line} ${language}`)).toEqual([]);
  });

  test('are where the lists say: none names what is no longer there', () => {
    const named = Object.entries(RUN_BY).flatMap(([file, languages]) =>
      Object.keys(languages).map((language) => ({ file, language })),
    );
    expect(
      named.filter(({ file, language }) =>
        BLOCKS.every((block) => block.file !== file || block.language !== language),
      ),
    ).toEqual([]);
    expect(
      [...STARTS, ...OUTPUTS].filter(([file, start]) =>
        BLOCKS.every((block) => block.file !== file || !block.text.startsWith(start)),
      ),
    ).toEqual([]);
  });

  test('are read by the tests that the lists name', () => {
    const readers = [
      ...Object.entries(RUN_BY).flatMap(([file, languages]) =>
        Object.values(languages).map((reader) => [file, reader] as const),
      ),
      ...STARTS.map(([file, , reader]) => [file, reader] as const),
    ];
    for (const [file, reader] of readers) {
      expect(existsSync(reader), reader).toBe(true);
      const text = readFileSync(reader, 'utf8');
      expect(
        /documentedBlocks|graphOf|picture/i.test(text) || text.includes(file),
        `${reader}: ${file}`,
      ).toBe(true);
    }
  });
});
