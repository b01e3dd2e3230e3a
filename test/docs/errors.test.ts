import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ConfigErrorCode } from '../../src/config/file/problem.js';
import type { LedgerErrorCode } from '../../src/ledger/errors.js';

const PAGE = readFileSync('docs/errors.md', 'utf8');

test('docs/errors.md says what the sources say', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/docs-errors.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('docs/errors.md has codes of every kind: of one maker for several, of a choice, of a property', () => {
  const codes = [
    'TOKEN_START_TOO_LATE',
    'CONFIG_NOT_FOUND' satisfies ConfigErrorCode,
    'RATE_LIMITED',
    'BAD_VARIABLE',
    'LEDGER_PAYMENT_DIFFERS' satisfies LedgerErrorCode,
    'SOURCE_KEY_REFUSED',
  ];
  for (const code of codes) expect(PAGE).toContain(`### ${code}\n`);
});
