import { afterAll, beforeAll, expect, test } from 'vitest';
import { liveOracles } from '../../devnet/oracleLife.js';
import { type Address, checksummed } from '../../src/address.js';
import type { ChainConfig, TokenConfig } from '../../src/config/types.js';
import { openPlanNode } from '../../src/plan/openPlanNode.js';
import { isEmptyPlan, joiningContracts, type Plan } from '../../src/plan/plan.js';
import { planChain } from '../../src/plan/planChain.js';
import { BOOKING_VERSION } from '../../src/processor/bookingVersions.js';
import { runIndexer } from '../../src/processor/run.js';
import { newPool } from '../../src/store/database/postgres.js';
import { readHashedBlocks, readNumberedBooks } from '../../src/store/ledgerHash/blockParts.js';
import { createOffering, liveOffering, offeringConfig } from '../prove/bookLife.js';
import { everyRow } from '../support/databases/everyRow.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { writeConfig } from '../support/programs/writeConfig.js';
import { reversed } from './manifests.js';

const OPERATIONS = 60;

let chain: Anvil;
let base: ChainConfig;
let saleToken: Address;
let before: { readonly url: string; readonly rows: ReadonlyMap<string, string> };

beforeAll(async () => {
  chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  const offering = await createOffering(chain, 7, true);
  await liveOffering(offering, OPERATIONS, () => undefined);
  // Enough for some models to pay their tokens.
  await offering.oracles.blocks.catchUp();
  await liveOracles(offering.oracles, 25);
  const config = offeringConfig(offering);
  // Files of ABIs are not what is tested here.
  const sales = config.sales.filter(({ custom }) => custom === null);
  base = lowerCase({ ...config, sales, finalityConfirmation: 0 });
  saleToken = offering.saleToken.address.toLowerCase() as Address;
  before = await indexed(base);
}, 120_000);

afterAll(() => chain.stop());

/** With addresses as a config has them that was read from a file. */
function lowerCase(config: ChainConfig): ChainConfig {
  return JSON.parse(
    JSON.stringify(config, (_, value: unknown) =>
      typeof value === 'string' && value.startsWith('0x') ? value.toLowerCase() : value,
    ),
  ) as ChainConfig;
}

async function run(config: ChainConfig, url: string, lines: string[] = []): Promise<void> {
  await runIndexer({
    chain: config,
    databaseUrl: url,
    toBlock: Number(await chain.rpc.call('eth_blockNumber')),
    onProgress: () => undefined,
    onWarning: (line) => lines.push(line),
    signal: new AbortController().signal,
  });
}

/** Indexes a config from the start, and returns the rows of each of its contracts without numbers. */
async function indexed(config: ChainConfig) {
  const url = await freshDatabase();
  await run(config, url);
  return { url, rows: await bookRows(url, config.id) };
}

async function bookRows(url: string, chainId: number): Promise<ReadonlyMap<string, string>> {
  const db = newPool({ connectionString: url });
  try {
    const books = await readNumberedBooks(db, chainId);
    const blocks = await readHashedBlocks(db, chainId, books, {
      after: -1,
      upTo: Number.MAX_SAFE_INTEGER,
      limit: 100_000,
    });
    const rows = new Map<string, string>();
    for (const { number, parts } of blocks) {
      for (const { contract, ...part } of parts) {
        rows.set(contract, `${rows.get(contract) ?? ''}${number} ${JSON.stringify(part)}\n`);
      }
    }
    return rows;
  } finally {
    await db.end();
  }
}

/** What the change means for the books that are indexed. */
async function planned(config: ChainConfig): Promise<Plan> {
  const db = newPool({ connectionString: before.url, max: 1 });
  const node = openPlanNode(config);
  try {
    const request = { chain: config, versions: BOOKING_VERSION, node: () => node.checked() };
    return await planChain(db, request);
  } finally {
    node.close();
    await db.end();
  }
}

/** The contracts of both configs whose rows differ between two fresh indexes. */
async function differing(config: ChainConfig): Promise<string[]> {
  const after = await indexed(config);
  const contracts = (one: ChainConfig) =>
    [...one.tokens, ...one.sales, ...one.collections, ...one.oracles].map(({ address }) =>
      address.toLowerCase(),
    );
  const both = contracts(base).filter((address) => contracts(config).includes(address));
  return both.filter((address) => before.rows.get(address) !== after.rows.get(address));
}

/** A payer of a token that nothing names. */
async function unnamedPayer(): Promise<Address> {
  const [row] = await query<{ payer: Buffer }>(
    before.url,
    `SELECT payer FROM receipt WHERE source = 'unknown' AND payer IS NOT NULL
     GROUP BY payer ORDER BY count(*) DESC, payer LIMIT 1`,
  );
  return `0x${row?.payer.toString('hex')}`;
}

const contract = (address: string) => {
  return { address: address as Address, startBlock: null, label: null };
};
const token = (more: Partial<TokenConfig>) => {
  return { ...contract(NOBODY), policy: 'auto', assets: [], ...more };
};
const feedBy = (aggregator: string) => ({
  asset: 'native' as const,
  currency: 'USD',
  aggregator: aggregator as Address,
  startBlock: null,
  staleAfterSeconds: null,
});
const launchpadAt = (address: Address) => ({
  ...contract(address),
  kind: 'launchpad' as const,
  token: saleToken,
  raiseAsset: null,
  custom: null,
});

/** With another first token: one that follows the policy `windowed`. */
function withFirst(more: Partial<TokenConfig>): Partial<ChainConfig> {
  const [first, ...others] = base.tokens;
  return first === undefined ? {} : { tokens: [{ ...first, ...more }, ...others] };
}

interface Change {
  readonly what: string;
  readonly to: () => ChainConfig | Promise<ChainConfig>;
}

const CHANGES: readonly Change[] = [
  {
    what: 'a label that is added',
    to: async () => ({ ...base, labels: [{ address: await unnamedPayer(), name: 'payer' }] }),
  },
  {
    what: 'oracles that are removed',
    to: () => ({ ...base, oracles: [] }),
  },
  {
    what: 'a collection that is removed',
    to: () => ({ ...base, collections: base.collections.slice(1) }),
  },
  {
    what: 'a token that is removed with its sales',
    to: () => ({
      ...base,
      tokens: base.tokens.filter(({ address }) => address.toLowerCase() !== saleToken),
      sales: [],
    }),
  },
];

test.each(CHANGES)(
  '$what: every contract whose rows a fresh index writes otherwise is booked again',
  async ({ to }) => {
    const config = await to();
    const plan = await planned(config);
    expect(plan.refused).toEqual([]);
    const again = new Set(plan.rebooked.map(({ address }) => address));
    const differ = await differing(config);
    expect(differ.length).toBeGreaterThan(0);
    expect(differ.filter((address) => !again.has(address as Address))).toEqual([]);
  },
  60_000,
);

test('the same config in another order plans nothing', async () => {
  const plan = await planned(reversed(base));
  expect(isEmptyPlan(plan)).toBe(true);
  expect(plan.isFirst).toBe(false);
});

test('books without a stored manifest are compared by what the database has of their contracts', async () => {
  const manifest = await query<{ config: object; booked_by: object }>(
    before.url,
    'DELETE FROM manifest RETURNING config, booked_by',
  );
  try {
    expect(isEmptyPlan(await planned(base))).toBe(true);
    const labels = [{ address: await unnamedPayer(), name: 'payer' }];
    const [first] = (await planned({ ...base, labels })).rebooked;
    expect(first?.reasons).toEqual([{ because: 'source', address: labels[0]?.address }]);
    const without = await planned({ ...base, oracles: [] });
    expect(without.archived.map(({ kind }) => kind)).toEqual(base.oracles.map(() => 'oracle'));
  } finally {
    const { config, booked_by: bookedBy } = manifest[0] ?? {};
    await query(
      before.url,
      'INSERT INTO manifest (chain_id, config, booked_by) VALUES ($1, $2, $3)',
      [base.id, config, bookedBy],
    );
  }
});

test('a start block before the deployment and the policy that the contract has give the same books', async () => {
  const [first, ...others] = base.tokens;
  if (first === undefined) throw new Error('the offering has tokens');
  const changed = { ...first, policy: 'windowed', startBlock: 0 };
  const plan = await planned({ ...base, tokens: [changed, ...others] });
  expect(plan.refused).toEqual([]);
  expect(plan.unaffected.map(({ key }) => key)).toEqual([first.address.toLowerCase()]);
  expect(joiningContracts(plan)).toEqual([]);
});

const NOBODY = '0x00000000000000000000000000000000000000aa';

/** The base with another first entry of a list, or one more. */
const REFUSED: readonly (readonly [string, () => Partial<ChainConfig>, string])[] = [
  [
    'a token without code',
    () => ({ tokens: [...base.tokens, token({ address: NOBODY })] }),
    'TOKEN_NOT_A_CONTRACT',
  ],
  [
    'a start block after the deployment',
    () => withFirst({ startBlock: 100_000 }),
    'TOKEN_START_TOO_LATE',
  ],
  [
    'a policy that the contract contradicts',
    () => withFirst({ policy: 'reference' }),
    'TOKEN_NO_POLICY',
  ],
  [
    'an asset of a token that shares none',
    () => withFirst({ assets: [NOBODY] }),
    'TOKEN_SHARES_NO_ASSETS',
  ],
  [
    'a token for a sale',
    () => ({ sales: [...base.sales, launchpadAt(saleToken)] }),
    'SALE_KIND_DIFFERS',
  ],
  [
    'an oracle without code',
    () => ({ oracles: [...base.oracles, contract(NOBODY)] }),
    'ORACLE_NOT_A_CONTRACT',
  ],
  [
    'a collection without code',
    () => ({ collections: [...base.collections, contract(NOBODY)] }),
    'COLLECTION_NOT_A_CONTRACT',
  ],
  ['a price feed without code', () => ({ prices: [feedBy(NOBODY)] }), 'PRICE_NOT_A_CONTRACT'],
  [
    'a sale for a price feed',
    () => ({ prices: [feedBy(base.sales[0]?.address ?? NOBODY)] }),
    'PRICE_NOT_AN_AGGREGATOR',
  ],
];

test.each(REFUSED)(
  '%s is refused by the plan and by the indexer, and nothing changes',
  async (_, more, code) => {
    const config = { ...base, ...more(), name: 'another name' };
    expect((await planned(config)).refused.map((refusal) => refusal.code)).toEqual([code]);
    const rows = await everyRow(before.url);
    await expect(run(config, before.url)).rejects.toMatchObject({ code });
    expect(await everyRow(before.url)).toEqual(rows);
  },
);

test('another endpoint of another chain is refused before anything else', async () => {
  await expect(planned({ ...base, id: 5, oracles: [] })).resolves.toMatchObject({ isFirst: true });
  const wrong = { ...base, tokens: [...base.tokens, token({ address: NOBODY })] };
  const other = await startAnvil({ chainId: base.id + 1 });
  try {
    await expect(planned({ ...wrong, rpcUrl: other.url })).rejects.toMatchObject({
      code: 'CHAIN_ID_MISMATCH',
    });
  } finally {
    await other.stop();
  }
});

test('another name of a chain and of a sale shows at the next start, and no row of the books changes', async () => {
  const rows = await bookRows(before.url, base.id);
  const sales = base.sales.map((sale) => ({ ...sale, label: 'public sale' }));
  const lines: string[] = [];
  await run({ ...base, name: 'renamed', sales }, before.url, lines);
  expect(lines.join('\n')).toContain('the chain is called "renamed" at once');
  const labels = await query<{ label: string | null }>(
    before.url,
    'SELECT DISTINCT label FROM sale',
  );
  expect(labels).toEqual([{ label: 'public sale' }]);
  expect(await bookRows(before.url, base.id)).toEqual(rows);
  await run(base, before.url);
});

/** imo.yaml for the base, with other contracts or labels: YAML takes JSON. */
function yamlOf(more: object = {}): Promise<string> {
  const { tokens, collections, oracles, sales } = base;
  const only = (list: readonly { readonly address: Address }[]) =>
    list.map(({ address }) => ({ address }));
  const chainEntry = {
    id: base.id,
    name: base.name,
    rpc: base.rpcUrl,
    finality: 0,
    tokens: only(tokens),
    collections: only(collections),
    oracles: only(oracles),
    sales: sales.map(({ startBlock: _, custom: __, ...sale }) => sale),
    ...more,
  };
  return writeConfig(JSON.stringify({ chains: [chainEntry] }));
}

const here = (config: string, ...args: string[]) =>
  runVerbHere(['plan', '--config', config, ...args], { DATABASE_URL: before.url });

test('imo-ledger plan says what a change means, and exits with 0', async () => {
  expect(await here(await yamlOf())).toEqual({
    stderr: '',
    exitCode: 0,
    stdout: 'devnet (chain 31337): the books are as the config wants them.\n',
  });
  const payer = await unnamedPayer();
  const config = await yamlOf({ labels: [{ address: payer, name: 'payer' }], oracles: [] });
  const { exitCode, stdout, stderr } = await here(config);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout).toContain(`  + label ${checksummed(payer)} "payer"\n`);
  expect(stdout).toContain(`is booked again: money of it passed ${checksummed(payer)}`);
  for (const { address } of base.oracles) {
    expect(stdout).toContain(`  - oracle ${checksummed(address)} is archived`);
  }
  expect(stdout).toMatch(/\d contracts? will join: [\d,]+ blocks from block \d+ on/);
  const { stdout: json } = await here(config, '--json');
  expect(JSON.parse(json)).toMatchObject([
    {
      chainId: base.id,
      name: 'devnet',
      indexedTo: expect.any(Number),
      labels: [{ list: 'labels', key: payer, before: null }],
      cost: { knownRows: expect.any(Number) },
    },
  ]);
});

test('imo-ledger plan exits with 1 where the config cannot be applied, and says why', async () => {
  const tokens = [...base.tokens.map(({ address }) => ({ address })), { address: NOBODY }];
  const { exitCode, stdout } = await here(await yamlOf({ tokens }));
  expect(exitCode).toBe(1);
  expect(stdout).toContain('the config cannot be applied. Nothing changes.');
  expect(stdout).toContain(
    'TOKEN_NOT_A_CONTRACT: there is no contract at 0x00000000000000000000000000000000000000AA',
  );
});
