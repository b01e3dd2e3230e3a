import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { writeConfig } from '../support/programs/writeConfig.js';

const OLM = '0xe5018913F2fdf33971864804dDB5fcA25C539032';
const CONFIG = `chains: [{id: 1, rpc: "http://127.0.0.1:1", tokens: [{address: '${OLM}'}]}]`;

/** Verbs that may start new books, that use no database or one of their own, and one with a test below. */
const OTHERS = [
  'demo',
  'init',
  'migrate',
  'index',
  'run',
  'restore',
  'estimate',
  'verify',
  'cache',
  'doctor',
];
const READING = [
  ['serve', '--port', '0'],
  ['status'],
  ['backup', '/nowhere/ledger.imobackup'],
  ['move', '--to', 'postgresql://127.0.0.1:1/ledger'],
  ['statement', OLM],
  ['search', 'olm'],
  ['export', 'holders'],
  ['lake', '/nowhere/lake'],
  ['partition', 'list'],
  ['audit'],
  ['prove'],
  ['resume', OLM],
  ['plan'],
  ['forget', `0x${'f0'.repeat(20)}`],
  ['compare', 'http://127.0.0.1:1/graphql'],
];

test('every verb that reads the books is tried without a database', async () => {
  const { commands } = await createProgram([]);
  const names = commands.map((command) => command.name());
  expect(names.filter((name) => !OTHERS.includes(name)).toSorted()).toEqual(
    READING.map(([name = '']) => name).toSorted(),
  );
});

test.each(READING)('%s creates no database, and says where it looked', async (...args) => {
  const config = await writeConfig(CONFIG);
  const folder = dirname(config);
  const { exitCode, stdout, stderr } = await runVerbHere([...args, '--config', config]);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain('error DATABASE_NOT_FOUND: there is no database: DATABASE_URL is not');
  expect(stderr).toContain(`${folder}/.imo-ledger/postgres (next to ${config})`);
  expect(stderr).toContain('hint: Run `imo-ledger index` to create it.');
  expect(await readdir(folder)).toEqual(['imo.yaml']);
});

test('doctor creates no database, and reports that none exists', async () => {
  const config = await writeConfig(CONFIG);
  const { exitCode, stdout } = await runVerbHere(['doctor', '--no-api', '--config', config]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('error DATABASE_MISSING database: there is no database: DATABASE_URL');
  expect(stdout).toContain(`${dirname(config)}/.imo-ledger/postgres (next to ${config})`);
  expect(await readdir(dirname(config))).toEqual(['imo.yaml']);
});

test('a folder that IMO_LEDGER_DATA names is not created by reading either', async () => {
  const config = await writeConfig(CONFIG);
  const folder = `${dirname(config)}/books`;
  const { stderr } = await runVerbHere(['status', '--config', config], { IMO_LEDGER_DATA: folder });
  expect(stderr).toContain(`${folder} (IMO_LEDGER_DATA) has no data`);
  expect(existsSync(folder)).toBe(false);
});

test('the cache is listed and verified without creating its folder', async () => {
  const config = await writeConfig(CONFIG);
  for (const action of ['list', 'verify', 'prune']) {
    const { exitCode } = await runVerbHere(['cache', action, '--config', config]);
    expect(exitCode).toBe(0);
  }
  expect(await readdir(dirname(config))).toEqual(['imo.yaml']);
});
