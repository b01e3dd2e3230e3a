import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { emptyDatabase, freshDatabase, query } from '../support/databases/postgres.js';
import { runCli } from '../support/programs/cli.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { writeConfig } from '../support/programs/writeConfig.js';

const OLM = '0xe5018913F2fdf33971864804dDB5fcA25C539032';
const GOOD = `chains: [{id: 1, rpc: "http://127.0.0.1:1", tokens: [{address: '${OLM}'}]}]`;
const NOBODY_LISTENS = 'postgresql://me:s3cret@127.0.0.1:1/ledger';

interface BadInput {
  readonly name: string;
  readonly args: readonly string[];
  readonly yaml?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly exitCode: number;
  /** Parts of the error line. */
  readonly says: readonly string[];
  readonly hint: string;
}

const BAD_INPUTS: readonly BadInput[] = [
  {
    name: 'a config that is missing',
    args: ['index', '--config', '/nowhere/imo.yaml'],
    exitCode: 1,
    says: ['error CONFIG_NOT_FOUND: /nowhere/imo.yaml'],
    hint: '--config',
  },
  {
    name: 'malformed YAML',
    args: ['index'],
    yaml: 'chains:\n  - id: 1\n   rpc: x\n',
    exitCode: 1,
    says: ['error CONFIG_MALFORMED_YAML:', 'line 3, column'],
    hint: 'indentation',
  },
  {
    name: 'an unknown key',
    args: ['serve'],
    yaml: GOOD.replace('rpc:', 'endpoint: 1, rpc:'),
    exitCode: 1,
    says: ['error CONFIG_UNKNOWN_KEY:', 'chains[0].endpoint (line 1)'],
    hint: 'Known keys: id, name, rpc',
  },
  {
    name: 'a bad address',
    args: ['index'],
    yaml: GOOD.replace('9032', '9033'),
    exitCode: 1,
    says: ['error CONFIG_BAD_ADDRESS:', 'chains[0].tokens[0].address', 'wrong checksum'],
    hint: 'block explorer',
  },
  {
    name: 'a chain that the config does not have',
    args: ['index', '--chain', '10'],
    yaml: GOOD,
    exitCode: 1,
    says: ['error CHAIN_NOT_CONFIGURED:', 'no chain 10'],
    hint: '--chain',
  },
  {
    name: 'a database that is down',
    args: ['migrate'],
    env: { DATABASE_URL: NOBODY_LISTENS },
    exitCode: 1,
    says: ['error DATABASE_DOWN:', '127.0.0.1:1/ledger', 'ECONNREFUSED'],
    hint: 'DATABASE_URL',
  },
  {
    name: 'a database that index has waited for in vain',
    args: ['index', '--wait-for-database', '1'],
    yaml: GOOD,
    env: { DATABASE_URL: NOBODY_LISTENS },
    exitCode: 1,
    says: ['waiting for it, 1 s at most', 'error DATABASE_DOWN:', '127.0.0.1:1/ledger'],
    hint: 'DATABASE_URL',
  },
  {
    name: 'a database URL that is none, which index does not wait for',
    args: ['index'],
    yaml: GOOD,
    env: { DATABASE_URL: 'mysql://me:s3cret@db/ledger' },
    exitCode: 1,
    says: ['error DATABASE_URL_INVALID:'],
    hint: 'postgresql://user:password@host:5432/database',
  },
  {
    name: 'a database URL that is none',
    args: ['migrate'],
    env: { DATABASE_URL: 'mysql://me:s3cret@db/ledger' },
    exitCode: 1,
    says: ['error DATABASE_URL_INVALID:'],
    hint: 'postgresql://user:password@host:5432/database',
  },
  {
    name: 'a PORT that is no number',
    args: ['serve'],
    yaml: GOOD,
    env: { DATABASE_URL: NOBODY_LISTENS, PORT: 'http' },
    exitCode: 1,
    says: ['error PORT_INVALID:', '"http"'],
    hint: '65535',
  },
  {
    name: 'a verb that does not exist',
    args: ['indx'],
    exitCode: 2,
    says: ["error USAGE: unknown command 'indx'", 'Did you mean index?'],
    hint: '--help',
  },
  ...(
    [
      ['lake', '/nowhere/lake', '--every'],
      ['lake', '/nowhere/lake', '--step'],
      ['estimate', '--blocks'],
      ['search', 'x', '--first'],
      ['audit', '--rate'],
    ] as const
  ).map(
    (args): BadInput => ({
      name: `${args[0]} ${args.at(-1)} of none`,
      args: [...args, '0'],
      exitCode: 2,
      says: ["argument '0' is invalid", 'a whole number from 1 on'],
      hint: '--help',
    }),
  ),
  {
    name: 'a port that no machine has',
    args: ['index', '--metrics-port', '70000'],
    exitCode: 2,
    says: ["argument '70000' is invalid", 'a port number, 0 to 65535'],
    hint: '--help',
  },
  {
    name: 'an option that does not exist',
    args: ['index', '--to-blok', '5'],
    exitCode: 2,
    says: ["error USAGE: unknown option '--to-blok'", 'Did you mean --to-block?'],
    hint: '--help',
  },
  {
    name: 'a block that is no number',
    args: ['index', '--to-block', 'latest'],
    exitCode: 2,
    says: ['error USAGE:', "'latest' is invalid", 'block number'],
    hint: '--help',
  },
  {
    name: 'a run that follows the chain without indexes',
    args: ['index', '--no-indexes'],
    exitCode: 2,
    says: ['error USAGE: --no-indexes is for a run with --to-block'],
    hint: '--help',
  },
  {
    name: 'a port that is out of range',
    args: ['serve', '--port', '70000'],
    exitCode: 2,
    says: ['error USAGE:', "'70000' is invalid"],
    hint: '--help',
  },
];

test.each(BAD_INPUTS)('$name is refused with code, value and remedy', async (input) => {
  const config = input.yaml === undefined ? [] : ['--config', await writeConfig(input.yaml)];
  const { exitCode, stdout, stderr } = await runVerbHere([...input.args, ...config], input.env);
  for (const part of input.says) expect(stderr).toContain(part);
  expect(stderr.split('\nhint: ')[1]).toContain(input.hint);
  expect(stderr).not.toMatch(/s3cret|\n {4}at /);
  expect({ exitCode, stdout }).toEqual({ exitCode: input.exitCode, stdout: '' });
});

test('a password that the server refuses is not a server that is down, nor is it printed', async () => {
  const url = new URL(await emptyDatabase());
  url.password = 's3cret';
  const { exitCode, stderr } = await runVerbHere(['migrate'], { DATABASE_URL: url.href });
  expect(stderr).toContain(`error DATABASE_REFUSED: the database 127.0.0.1:${url.port}`);
  expect(stderr).not.toContain('s3cret');
  expect(exitCode).toBe(1);
});

test.each(['migrate', 'index', 'serve', 'status'])(
  '%s refuses a database that a newer program made',
  async (verb) => {
    const url = await freshDatabase();
    await query(url, `INSERT INTO migrations ("timestamp", name) VALUES (9e12, 'Future9')`);
    const args = [verb, '--config', await writeConfig(GOOD)];
    const { exitCode, stderr } = await runVerbHere(args, { DATABASE_URL: url });
    expect(stderr).toContain('error SCHEMA_NEWER:');
    expect(stderr).toContain('Future9');
    expect(exitCode).toBe(1);
  },
);

test.each(['serve', 'status'])('%s asks to migrate a database without tables', async (verb) => {
  const args = [verb, '--config', await writeConfig(GOOD)];
  const { exitCode, stderr } = await runVerbHere(args, { DATABASE_URL: await emptyDatabase() });
  expect(stderr).toContain('error SCHEMA_BEHIND:');
  expect(stderr).toContain('hint: Run `imo-ledger migrate`.');
  expect(exitCode).toBe(1);
});

test('a port that another program has is reported', async () => {
  const other = createServer().listen(0);
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  const { exitCode, stderr } = await runVerbHere(
    ['serve', '--port', port, '--config', await writeConfig(GOOD)],
    { DATABASE_URL: await freshDatabase() },
  );
  other.close();
  expect(stderr).toContain(`error PORT_IN_USE: port ${port} is in use`);
  expect(stderr).toContain('--port');
  expect(exitCode).toBe(1);
});

test('no config named and none in the folder: the process ends with 1 and says what to do', async () => {
  const { exitCode, stdout, stderr } = await runCli(['status']);
  expect(stderr).toContain('error CONFIG_NOT_FOUND: imo.yaml');
  expect(stderr.split('\nhint: ')[1]).toContain('imo-ledger demo');
  expect(stderr).not.toMatch(/\n {4}at /);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
});

test('a process that was called wrongly ends with 2', async () => {
  const { exitCode, stdout, stderr } = await runCli(['indx']);
  expect(stderr).toContain("error USAGE: unknown command 'indx'");
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
});

test('a stack is shown only to those who ask for it', async () => {
  const { stderr } = await runCli(['status', '--verbose']);
  expect(stderr).toContain('error CONFIG_NOT_FOUND');
  expect(stderr).toMatch(/\n {4}at /);
});
