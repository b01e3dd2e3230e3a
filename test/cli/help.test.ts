import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { verbFirst } from '../../src/cli/wiring/verbFirst.js';
import { runCli } from '../support/programs/cli.js';
import { runVerbHere } from '../support/programs/verbHere.js';

const VERBS = [
  'demo',
  'init',
  'migrate',
  'backup',
  'restore',
  'move',
  'plan',
  'run',
  'index',
  'serve',
  'status',
  'doctor',
  'audit',
  'prove',
  'resume',
  'forget',
  'compare',
  'estimate',
  'search',
  'statement',
  'lake',
  'partition',
  'cache',
];

test.each(VERBS)(
  '%s --help shows what it does, options, an example and exit codes',
  async (verb) => {
    const { exitCode, stdout } = await runVerbHere([verb, '--help']);
    expect(stdout).toContain(`Usage: imo-ledger ${verb}`);
    expect(stdout).toContain('--config <file>');
    expect(stdout).toMatch(new RegExp(`Example:\\n(.*\\n)*? {2}\\$ .*imo-ledger ${verb}`));
    expect(stdout).toMatch(/Exit codes:\n {2}0 {2}\w.*\n {2}1 {2}\w.*\n {2}2 {2}\w/);
    expect(exitCode).toBe(0);
  },
);

test.each(['verify', 'export'])('%s --help shows its exit codes', async (verb) => {
  const { stdout } = await runVerbHere([verb, '--help']);
  expect(stdout).toMatch(/Exit codes:\n {2}0 {2}\w.*\n {2}1 {2}\w.*\n {2}2 {2}\w/);
});

test('--help names every verb', async () => {
  const { exitCode, stdout } = await runCli(['--help']);
  for (const verb of [...VERBS, 'verify', 'export']) {
    expect(stdout).toMatch(new RegExp(`^ {2}${verb} .*\\w`, 'm'));
  }
  expect(exitCode).toBe(0);
});

test('every verb takes a config, and is tried here', async () => {
  const { commands } = await createProgram([]);
  expect(commands.map((verb) => verb.name()).toSorted()).toEqual(
    [...VERBS, 'verify', 'export'].toSorted(),
  );
  const without = commands.filter((verb) => !verb.options.some(({ long }) => long === '--config'));
  expect(without.map((verb) => verb.name())).toEqual([]);
});

test('the config may be named before the verb too, in either form', () => {
  expect(verbFirst(['--config', 'a.yaml', 'status', '--json'])).toEqual([
    ...['status', '--config', 'a.yaml', '--json'],
  ]);
  expect(verbFirst(['--verbose', '--config=a.yaml', 'cache', 'list'])).toEqual([
    ...['cache', '--verbose', '--config=a.yaml', 'list'],
  ]);
  for (const args of [['--help'], ['status', '--config', 'a.yaml'], ['--config', 'a.yaml'], []]) {
    expect(verbFirst(args)).toEqual(args);
  }
});
