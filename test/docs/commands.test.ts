import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DATASETS } from '../../src/export/catalogue.js';
import { documentedBlocks } from '../support/docs/blocks.js';
import { runVerbHere } from '../support/programs/verbHere.js';

const SCRIPTS = JSON.parse(readFileSync('package.json', 'utf8')).scripts as Record<string, string>;

/** Commands of other programs, with what shows that they are right, or why nothing here can run them. */
const OTHERS: Readonly<Record<string, string>> = {
  'npm ci': 'installs the project; each run of the tests stands on it',
  'npm ci && npm test': 'each run of the tests is this',
  'npm install @imo-ledger/client graphql': 'needs a registry with the package',
  'export RPC_ETHEREUM=https://…': 'sets a variable for the commands below it',
  'deploy/postgres/rehearse-restore.sh ledger.imobackup':
    'starts two servers with the tools of PostgreSQL, which the tests do not have',
  duckdb: 'test/export/analysis.ts asks DuckDB',
  'hledger -f koinly.csv balance': 'test/export/taxFiles.ts runs the real hledger',
};

/** The commands of a block, one a line, without comments and without what only a shell sees. */
function commandsOf(text: string): string[] {
  return text
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

const COMMANDS = documentedBlocks()
  .filter(({ language, text }) => language === 'sh' || text.startsWith('imo-ledger '))
  .flatMap(({ file, text }) => commandsOf(text).map((command) => [`${file}: ${command}`, command]));

const calls = (pattern: RegExp) =>
  COMMANDS.flatMap(([name = '', command = '']) => {
    const [, rest] = pattern.exec(command) ?? [];
    return rest === undefined ? [] : [[name, rest] as const];
  });

/** Arguments as a shell splits them; what is left open on the page has a value. */
function argumentsOf(rest: string): string[] {
  const [own = ''] = rest.split(/\s(?:[|>]|\|\|)\s/);
  return [...own.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) =>
    (quoted ?? plain)
      .replace(
        /^0x(…|[0-9a-f]+…[0-9a-f]+)$/i,
        plain === '0x…' ? `0x${'11'.repeat(20)}` : `0x${'22'.repeat(20)}`,
      )
      .replace('$dataset', 'holders'),
  );
}

describe('the commands of the documents', () => {
  test.each(calls(/^(?:[A-Z_]+=\S+ )*(?:npx )?imo-ledger (.+)$/))(
    '%s: the verb has these options, and takes these values',
    async (_, rest) => {
      const args = argumentsOf(rest.replace(/--root 0x…/, `--root 0x${'11'.repeat(32)}`));
      const { exitCode, stderr } = await runVerbHere([...args, '--no-such-option']);
      expect(stderr).toContain("error USAGE: unknown option '--no-such-option'");
      expect(exitCode).toBe(2);
    },
  );

  test.each(calls(/^npm run ([\w:]+)/))('%s: the script exists', (_, script) => {
    expect(SCRIPTS).toHaveProperty([script]);
  });

  test('are all of programs that a test runs', () => {
    const known = /^(?:(?:[A-Z_]+=\S+ )*(?:npx )?imo-ledger |npm run |curl |for |\S+ \\?|done)/;
    const loose = COMMANDS.filter(
      ([, command = '']) => OTHERS[command] === undefined && !known.test(command),
    );
    expect(loose).toEqual([]);
    const unused = Object.keys(OTHERS).filter((one) =>
      COMMANDS.every(([, command]) => command !== one),
    );
    expect(unused).toEqual([]);
  });
});

test('docs/analysis.md exports every file that its questions read, by names that exist', () => {
  const text = readFileSync('docs/analysis.md', 'utf8');
  const [, names = ''] = /for dataset in ([\s\S]*?); do/.exec(text) ?? [];
  const exported = names.split(/[\s\\]+/);
  const read = [...text.matchAll(/'([\w-]+)\.parquet'/g)].map(([, name = '']) => name);
  expect(read.filter((name) => !exported.includes(name))).toEqual([]);
  const known = new Set(DATASETS.map(({ name }) => name));
  expect(exported.filter((name) => !known.has(name))).toEqual([]);
});
