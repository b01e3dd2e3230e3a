import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Address } from '../../src/address.js';
import type { ChainConfig } from '../../src/config/types.js';
import type { Found } from '../../src/init/found.js';
import { parseManifest } from '../../src/init/manifest/file.js';
import { type ChainEntry, manifestText } from '../../src/init/manifest/manifestText.js';
import { givenUrl, writtenUrl } from '../../src/init/node/urls.js';
import { durationInWords, termsInWords } from '../../src/init/recognise/terms.js';

const TOKEN: Address = `0x${'a1'.repeat(20)}`;
const SALE: Address = `0x${'b2'.repeat(20)}`;

const ENTRY: ChainEntry = {
  id: 1,
  name: 'ethereum',
  rpc: '$' + '{RPC_ETHEREUM}',
  portal: null,
  knownPortal: 'https://portal.example/datasets/ethereum',
  labels: [{ address: `0x${'c3'.repeat(20)}`, name: 'pool' }],
};

const found: readonly Found[] = [
  {
    list: 'tokens',
    address: TOKEN,
    isCertain: true,
    keys: { policy: 'windowed', startBlock: 7 },
    comments: ['A: token # with "signs" (T)', 'found because it was named'],
  },
  {
    list: 'sales',
    address: SALE,
    isCertain: false,
    keys: { kind: 'custom', token: TOKEN },
    comments: ['found because it received T'],
  },
];

function chainOf(text: string, id = 1): ChainConfig {
  const chain = parseManifest('imo.yaml', text, {}).chains.find((one) => one.id === id);
  if (chain === undefined) throw new Error(`no chain ${id}`);
  return chain;
}

test('a new file has the certain contracts as entries, and the likely ones as comments that can be uncommented', () => {
  const text = manifestText(null, ENTRY, found);
  const chain = chainOf(text);
  expect(chain.tokens).toEqual([{ address: TOKEN, policy: 'windowed', startBlock: 7, assets: [] }]);
  expect(chain.sales).toEqual([]);
  expect(chain.labels).toHaveLength(1);
  expect(text).toContain('# blocks are found faster with: portal: https://portal.example');
  const uncommented = text.replace(/^( *)# (sales:| {2}- address| {4}\w+:)/gm, '$1$2');
  expect(uncommented).toContain('\n    sales:\n');
  expect(uncommented).toMatch(/\n {6}- address: "0xb2B2\w+"\n {8}kind: custom\n {8}token: /i);
});

test('contracts are added to the commented example of the repository without touching a line of it', () => {
  const before = readFileSync('imo.yaml', 'utf8');
  const text = manifestText(before, ENTRY, found);
  const lines = new Set(text.split('\n').map((line) => line.trim()));
  expect(before.split('\n').filter((line) => !lines.has(line.trim()))).toEqual([]);
  const chain = chainOf(text);
  expect(chain.tokens.map(({ address }) => address)).toEqual([
    '0xe5018913f2fdf33971864804ddb5fca25c539032',
    TOKEN,
  ]);
  expect(chain.rpcUrl).toContain('RPC_ETHEREUM');
});

test('another chain gets an entry of its own', () => {
  const first = manifestText(null, ENTRY, found);
  const text = manifestText(first, { ...ENTRY, id: 8453, name: 'base' }, found);
  expect(chainOf(text, 1).tokens).toEqual(chainOf(text, 8453).tokens);
  expect(text.startsWith(first.trimEnd())).toBe(true);
});

test('an entry in flow style, an empty list and an alias take new contracts', () => {
  const flow = `chains: [{id: 1, rpc: "http://a", tokens: [{address: "${SALE}"}]}] # mine\n`;
  expect(chainOf(manifestText(flow, ENTRY, found)).tokens).toHaveLength(2);
  expect(manifestText(flow, ENTRY, found)).toContain('# mine');
  const empty = `chains:\n  - id: 1\n    rpc: http://a\n    tokens: []\n    oracles: [{address: "${SALE}"}]\n`;
  expect(chainOf(manifestText(empty, ENTRY, found)).tokens).toHaveLength(1);
});

test('what a contract calls itself stays inside of its comment', () => {
  const comments = ['evil\u2028- address: x\u0085\n    - y: [', 'found'];
  const [first] = found;
  if (first === undefined) throw new Error('nothing was found');
  const text = manifestText(null, ENTRY, [{ ...first, comments }]);
  expect(chainOf(text).tokens).toHaveLength(1);
  expect(text).toContain('# evil - address: x - y: [');
});

test.each([
  ['http://127.0.0.1:8545', 'http://127.0.0.1:8545', null],
  ['http://localhost:8545/', 'http://localhost:8545/', null],
  ['http://127.0.0.1:8545/key', '$' + '{RPC_X}', 'RPC_X'],
  ['https://node.example', '$' + '{RPC_X}', 'RPC_X'],
  ['https://user:key@node.example', '$' + '{RPC_X}', 'RPC_X'],
  ['https://portal.sqd.dev/datasets/base', 'https://portal.sqd.dev/datasets/base', null],
  ['https://portal.sqd.dev/datasets/base?key=1', '$' + '{RPC_X}', 'RPC_X'],
  ['https://$' + '{HOST}/v2', 'https://$' + '{HOST}/v2', null],
])('the URL %s is written as %s', (url, text, variable) => {
  const given = givenUrl('--rpc', url, { HOST: 'node.example' });
  expect(writtenUrl(given, 'RPC_X')).toEqual({ text, variable });
});

test('interval and window are said in plain words', () => {
  const terms = {
    percentClaimable: 80n,
    interval: 648_000n,
    intervalUnit: 'blocks',
    window: 2,
  } as const;
  expect(termsInWords(terms, 12)).toEqual([
    'A snapshot gives 80 % of new revenue to the holders; burns are paid from the rest.',
    'A snapshot may be taken every 648,000 blocks (about 90 days). Only the last 2 snapshots can be claimed.',
  ]);
  const none = { ...terms, interval: null, intervalUnit: null, window: null };
  expect(termsInWords(none, null)[1]).toBe(
    'No getter says how often a snapshot may be taken. Every snapshot can be claimed for ever.',
  );
  expect([1, 59, 60, 5_400, 86_400, 604_800].map(durationInWords)).toEqual([
    '1 second',
    '59 seconds',
    '1 minute',
    '1.5 hours',
    '1 day',
    '7 days',
  ]);
});
