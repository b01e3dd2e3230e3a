import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const check = (...texts: string[]) =>
  spawnSync(process.execPath, ['scripts/lint-words.mjs', ...texts], { encoding: 'utf8' });

test('no message, document, comment or test name has a word that the list of style words replaces', () => {
  const { status, stderr } = check();
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('texts with such words are found, each with what to use instead', () => {
  const { status, stderr } = check(
    'the contract is no sale of this kind',
    'It is waited for.',
    'Begin the export anew.',
    'an ERC-20 that it shares beside ETH',
    'the export goes on after it',
    'Please report it.',
    'there is no call tree',
    'a round is no longer valid',
    'the index continues',
  );
  expect(stderr.match(/^text \d/gm)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `text ${n}`));
  expect(stderr.match(/^ {2}use ./gm)).toHaveLength(6);
  expect(status).toBe(1);
});
