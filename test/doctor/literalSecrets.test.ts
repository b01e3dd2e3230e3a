import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { literalSecrets } from '../../src/doctor/files/literalSecrets.js';

const HEX = '5f3a9c0b7d1e4826a0f9c3d2b1e8f704';

const SECRETS: readonly [string, string, string][] = [
  [`rpc: https://mainnet.example/v3/${HEX}`, 'a key in the path of a URL', 'RPC_URL'],
  [`  - "https://node.example/aB3_x9-Qw7eR2tYu1iOp5"`, 'a key in the path of a URL', 'RPC_URL'],
  [`rpc: https://node.example/?apikey=short1`, 'a key in the query of a URL', 'RPC_URL'],
  [`rpc: https://node.example/?id=${HEX}`, 'a key in the query of a URL', 'RPC_URL'],
  [`rpc: wss://${HEX}.node.example/`, 'a key in the host of a URL', 'RPC_URL'],
  ['rpc: https://me:hunter2@node.example', 'a password in a URL', 'RPC_URL'],
  [`rpc: https://${HEX}@node.example`, 'a key as the user of a URL', 'RPC_URL'],
  [
    `rpc: https://node.example/0f8fad5b-d9cb-469f-a165-70867728950e`,
    'a key in the path of a URL',
    'RPC_URL',
  ],
  [
    'url: postgresql://ledger:hunter2@db:5432/ledger',
    'a password in a database URL',
    'DATABASE_URL',
  ],
  [`# rpc: https://mainnet.example/v3/${HEX}`, 'a key in the path of a URL', 'RPC_URL'],
  [
    'portal: {url: "https://portal.sqd.dev/datasets/base", key: "sqd-abc123"}',
    'the value of "key"',
    'SQD_API_KEY',
  ],
  ['      POSTGRES_PASSWORD: hunter22', 'the value of "POSTGRES_PASSWORD"', 'POSTGRES_PASSWORD'],
  ['SQD_API_KEY=sqd-abc123', 'the value of "SQD_API_KEY"', 'SQD_API_KEY'],
];

test.each(SECRETS)('%s has a literal secret', (line, what, variable) => {
  expect(literalSecrets(`chains:\n${line}\n`)).toEqual([{ line: 2, what, variable }]);
});

const PLACEHOLDER = '$'.concat('{RPC_KEY}');

test.each([
  `rpc: $\{RPC_ETHEREUM}`,
  `rpc: https://mainnet.example/v3/${PLACEHOLDER}`,
  `url: postgresql://ledger:${PLACEHOLDER}@db:5432/ledger`,
  `RPC_ETHEREUM: $${'{{ secrets.RPC_ETHEREUM }}'}`,
  `portal: {url: "https://portal.sqd.dev/datasets/ethereum-mainnet", key: "${PLACEHOLDER}"}`,
  'portal: https://portal.sqd.dev/datasets/ethereum-mainnet',
  'rpc: http://localhost:8545',
  '# https://docs.example/guides/archive-nodes-of-2026-v2',
  'address: "0xe5018913F2fdf33971864804dDB5fcA25C539032"',
  'token: "0xe5018913F2fdf33971864804dDB5fcA25C539032"',
  'url: https://scan.example/address/0xe5018913F2fdf33971864804dDB5fcA25C539032',
  '# DATABASE_URL=postgresql://me:secret@db:5432/ledger',
  'policy: {like: windowed, window: 3}',
])('%s has no secret', (line) => {
  expect(literalSecrets(line)).toEqual([]);
});

test('the files of this repository have no literal secrets', () => {
  for (const file of ['imo.yaml', 'squid.yaml']) {
    expect(literalSecrets(readFileSync(file, 'utf8'))).toEqual([]);
  }
});
