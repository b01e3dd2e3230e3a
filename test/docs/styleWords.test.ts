import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ownFiles } from '../../scripts/own-files.mjs';

const check = (...texts: string[]) =>
  spawnSync(process.execPath, ['scripts/lint-words.mjs', ...texts], { encoding: 'utf8' });

// That the repository has none of them is what `npm run lint:words` reports.
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

test('texts of what git ignores are not read, and those of a new file are', () => {
  const root = mkdtempSync(join(tmpdir(), 'imo-ledger-words-'));
  try {
    spawnSync('git', ['init', '--quiet', root]);
    mkdirSync(join(root, 'bench', '.cache', 'peer'), { recursive: true });
    writeFileSync(join(root, '.gitignore'), '.cache/\n');
    for (const file of ['.cache/peer/installed.ts', 'own.ts', 'own.md']) {
      writeFileSync(join(root, 'bench', file), '// a text\n');
    }
    expect(ownFiles('bench', '.ts', root)).toEqual(['bench/own.ts']);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
