import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { runVerbHere } from '../support/programs/verbHere.js';

const VERBS = (await createProgram([])).commands;

/** Options that may be given several times, and what they collect. */
const REPEATABLE = [
  'audit --holders',
  'export --holder',
  'export --kind',
  'export --token',
  'lake --rebuild',
  'statement --token',
];

/** A value of an option that its parser takes. */
function valueFor(flags: string): string {
  if (flags.includes('address>') && !flags.includes('host')) return `0x${'11'.repeat(20)}`;
  if (flags.includes('--root')) return `0x${'11'.repeat(32)}`;
  return flags.includes('--format') ? 'csv' : '7';
}

const VALUED = VERBS.flatMap((verb) =>
  verb.options
    .filter(({ required }) => required)
    .map(({ flags, long }) => [`${verb.name()} ${long}`, verb.name(), flags, `${long}`] as const),
);

test.each(VALUED)(
  '%s is refused when it is given twice, or collects its values',
  async (name, verb, flags, long) => {
    const value = valueFor(flags);
    const { exitCode, stderr } = await runVerbHere([
      verb,
      `${long}=${value}`,
      long,
      value,
      '--no-such-option',
    ]);
    expect(exitCode).toBe(2);
    const says = REPEATABLE.includes(name)
      ? "unknown option '--no-such-option'"
      : `${long} is given more than once`;
    expect(stderr).toContain(`error USAGE: ${says}`);
  },
);

test('an option and its opposite contradict each other', async () => {
  const { exitCode, stderr } = await runVerbHere(['audit', '--earlier', '5', '--no-earlier']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('error USAGE: --earlier and --no-earlier contradict each other');
});

test.each([
  ['2026', '2026 names a time: block:2026 is the block'],
  ['2026-01-31', 'names a time'],
  ['1767225600', '1767225600 looks like a Unix time'],
  ['1767225600000', 'looks like a Unix time'],
])('%s is not a block to audit at', async (at, says) => {
  const { exitCode, stderr } = await runVerbHere(['audit', '--at', at]);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(says);
});
