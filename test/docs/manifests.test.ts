import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../../src/config/load.js';
import { documentedBlocks } from '../support/docs/blocks.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const TOKEN = '0xe5018913F2fdf33971864804dDB5fcA25C539032';
const ENV = { RPC_ETHEREUM: 'http://127.0.0.1:1' };

/** The ABI files that the pages name, with the events and views of their mappings. */
const ABIS: Readonly<Record<string, readonly string[]>> = {
  'abi/factory.json': ['event PoolCreated(address indexed pool, address token)'],
  'abi/pool.json': [
    'event Staked(address indexed user, uint256 amount)',
    'event Withdrawn(address indexed user, uint256 amount)',
    'function stakedOf(address user) view returns (uint256)',
    'function totalStaked() view returns (uint256)',
  ],
  'abi/sale.json': [
    'event Deposit(address indexed user, uint256 amount)',
    'event Harvest(address indexed user, uint256 offeringAmount, uint256 excessAmount)',
    'event AdminWithdraw(uint256 amountLP, uint256 amountOfferingToken)',
  ],
};

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const { Interface } = await import('ethers');
  for (const [name, signatures] of Object.entries(ABIS)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    writeFileSync(file, new Interface(signatures).formatJson());
  }
});

type Fields = Record<string, unknown>;

/** A whole imo.yaml around the part that a page shows. */
function manifestWith(part: Fields): Fields {
  const token = { address: TOKEN };
  const chain = { id: 1, rpc: 'http://127.0.0.1:1', tokens: [token] };
  if ('policy' in part) return { chains: [{ ...chain, tokens: [{ ...token, ...part }] }] };
  if ('api' in part) return { ...part, chains: [chain] };
  if (!('chains' in part)) return { chains: [{ ...chain, ...part }] };
  const [own] = part.chains as Fields[];
  return { chains: [{ ...chain, ...own }] };
}

const BLOCKS = documentedBlocks()
  .filter(({ language }) => language === 'yaml')
  .map(({ file, line, text }) => [`${file}:${line}`, text] as const);

test('there are examples of many parts of imo.yaml', () => {
  expect(BLOCKS.length).toBeGreaterThanOrEqual(10);
});

test.each(BLOCKS)('%s is a part of imo.yaml that the config takes', (_, text) => {
  let count = 0x10;
  // An address that the page leaves open, another one each time; a token of a sale is the token.
  const filled = text
    .replace(/(\n {4}token: )"0x…"/g, `$1"${TOKEN}"`)
    .replaceAll('"0x…"', () => `"0x${(count++).toString(16).repeat(20)}"`);
  const source = stringify(manifestWith(parse(filled) as Fields));
  expect(() => parseConfig(join(folder, 'imo.yaml'), source, ENV)).not.toThrow();
});
