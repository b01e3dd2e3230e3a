import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { AMOUNT_FIELDS } from '../../clients/ts/src/generated/amountFields.js';
import * as documents from '../../clients/ts/src/generated/documents.js';

test('the generated files of the client are those of the schema and its documents', () => {
  const check = ['scripts/client-codegen.mjs', '--check'];
  const { status, stderr } = spawnSync(process.execPath, check, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the client knows where amounts are, and has a document for each question', () => {
  expect(AMOUNT_FIELDS.Receipt).toMatchObject({ amountWei: 'BigInt', modelId: 'BigInt' });
  expect(AMOUNT_FIELDS.AsOf).toBeUndefined();
  expect(Object.keys(documents).filter((name) => name.endsWith('Document'))).toContain(
    'ClaimPlanDocument',
  );
});
