import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { maskError } from '../../src/api/errors.js';
import { problemOf } from '../../src/api/http/messages/problem.js';
import { refusalBody } from '../../src/api/http/messages/refusal.js';
import { exportFailure } from '../../src/api/rest/exportFailure.js';
import { errorText } from '../../src/cli/output/errorReport.js';
import type { ConfigErrorCode } from '../../src/config/file/problem.js';
import { errorDocs, ImoError } from '../../src/errors.js';
import type { LedgerErrorCode } from '../../src/ledger/errors.js';

const PAGE = readFileSync('docs/errors.md', 'utf8');

test('docs/errors.md matches the sources', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/docs-errors.mjs', '--check'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('docs/errors.md has codes of every kind: of one maker for several, of a choice, of a property, of a list', () => {
  const codes = [
    'TOKEN_START_TOO_LATE',
    'CONFIG_NOT_FOUND' satisfies ConfigErrorCode,
    'RATE_LIMITED',
    'BAD_VARIABLE',
    'LEDGER_PAYMENT_DIFFERS' satisfies LedgerErrorCode,
    'SOURCE_KEY_REFUSED',
    'BAD_CHAINID',
    'GRAPHQL_PARSE_FAILED',
    'USAGE',
  ];
  for (const code of codes) expect(PAGE).toContain(`### ${code}\n`);
});

test('an error has the same link on the command line, in GraphQL, in REST and in exports', () => {
  const error = new ImoError('UNKNOWN_TOKEN', 'no token', 'Name another one.');
  const { code } = error;
  const unreported = (cause: unknown) => expect.unreachable(String(cause));
  const masked = maskError(error, unreported);
  const links = {
    commandLine: /^docs: (.*)$/m.exec(errorText(error))?.[1],
    graphql: masked.extensions.docs,
    rest: problemOf(masked).docs,
    export: exportFailure(error, unreported).body.error.docs,
    ...Object.fromEntries(
      ['/graphql', '/v1/holders', '/v1/export/holders'].map((path) => {
        const [, docs = ''] =
          /"docs":"([^"]*)"/.exec(JSON.stringify(refusalBody(path, 404, error))) ?? [];
        return [`refused at ${path}`, docs];
      }),
    ),
  };
  expect(new Set(Object.values(links))).toEqual(new Set(['docs/errors.md#unknown_token']));
  expect(errorDocs(code)).toBe('docs/errors.md#unknown_token');
  expect(PAGE).toContain(`### ${code}\n`);
});
