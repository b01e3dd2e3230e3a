import { readFileSync } from 'node:fs';
import { id } from 'ethers';
import { expect, test } from 'vitest';

const PAGE = readFileSync('docs/domain.md', 'utf8');
const STATED = [...PAGE.matchAll(/`(\w+\([\w,[\]]*\))` \| `(0x[0-9a-f]{8})`/g)];

test('every selector of a signature in docs/domain.md is that of the signature', () => {
  expect(STATED.length).toBe(11);
  for (const [, signature = '', selector] of STATED) {
    expect(`${signature} ${id(signature).slice(0, 10)}`).toBe(`${signature} ${selector}`);
  }
});

test('every other selector and topic of docs/domain.md is one that the code decodes', () => {
  const known = [
    'reading/selectors.ts',
    'oracle/calls.ts',
    'oracle/logs.ts',
    'collection/detectCollection.ts',
  ]
    .map((name) => readFileSync(`src/chain/${name}`, 'utf8'))
    .join('\n');
  const abis = readFileSync('src/abi/aiOracle.ts', 'utf8');
  const ofSignatures = new Set(STATED.map(([, , selector]) => selector));
  const unknown = [...PAGE.matchAll(/0x[0-9a-f]{8}\b/g)]
    .map(([hex]) => hex)
    .filter((hex) => !ofSignatures.has(hex))
    .filter((hex) => !`${known}\n${abis}`.includes(hex));
  expect(unknown).toEqual([]);
});
