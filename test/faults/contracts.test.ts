import pg from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';
import { defaultAccounts } from '../../devnet/actors.js';
import { execute, latestBlock, mineBlock, mineBlocks } from '../../devnet/chain.js';
import {
  type DeployedContract,
  deployContract,
  deployOtherToken,
  deployWindowed,
  encodeCall,
} from '../../devnet/deploy.js';
import type { Address } from '../../src/address.js';
import { type HoldRecord, readHolds } from '../../src/store/read/tokens/holds.js';
import { readTokens } from '../../src/store/read/tokens/tokens.js';
import { compareToken } from '../prove/compare.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { type Follower, follow, indexTo } from '../support/programs/indexer.js';

let chain: Anvil;
let founder: string;
let friend: string;

beforeAll(async () => {
  chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  [founder = '', friend = ''] = await defaultAccounts(chain);
});

function call(token: DeployedContract, from: string, name: string, args: unknown[] = []) {
  const data = encodeCall(token, name, args);
  return execute(chain, { from, to: token.address, data, gas: 20_000_000n });
}

async function snapshotOf(token: DeployedContract, revenueWei: bigint): Promise<void> {
  await execute(chain, { from: founder, to: token.address, valueWei: revenueWei });
  await mineBlock(chain, (await latestBlock(chain)).timestamp + 20);
  await call(token, founder, 'snapshot');
}

/** Indexes the token and holds every figure of the holders against the contract. */
async function indexed(token: DeployedContract, holders: readonly string[]): Promise<string> {
  const databaseUrl = await freshDatabase();
  const head = await indexTo({ chain, databaseUrl, tokens: [token.address] });
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const [record] = await readTokens(pool);
  if (record === undefined) throw new Error('the token is not indexed');
  const compared = await compareToken(pool, chain, record, holders as Address[], head);
  await pool.end();
  expect(compared.mismatches).toEqual([]);
  expect(compared.figures).toBeGreaterThan(4);
  return databaseUrl;
}

/** The holds at the head of the chain; ends the follower. */
async function heldBy(follower: Follower, databaseUrl: string): Promise<HoldRecord[]> {
  await follower.caughtUp();
  await follower.stop();
  const pool = new pg.Pool({ connectionString: databaseUrl });
  try {
    return await readHolds(pool, null);
  } finally {
    await pool.end();
  }
}

const termsOf = (databaseUrl: string) =>
  query<{ block: number; percent: number }>(
    databaseUrl,
    'SELECT block_number::int AS block, percent_claimable AS percent FROM token_terms ORDER BY id',
  );

const textOf = (databaseUrl: string) =>
  query<{ name: string | null; symbol: string | null; decimals: number | null }>(
    databaseUrl,
    'SELECT name, symbol, decimals FROM token',
  );

test('a holder that answers its payments with 300,000 bytes has exact books', async () => {
  const terms = { name: 'Model', symbol: 'MDL', supply: 1000n, percentClaimable: 80 };
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    ...terms,
    from: founder,
    snapshotInterval: 10,
  });
  const bomb = await deployContract(chain, 'BombHolder', [], { from: founder });
  const asBomb = (name: string, args: unknown[]) =>
    call(bomb, friend, 'run', [token.address, encodeCall(token, name, args)]);
  await call(token, founder, 'transfer', [bomb.address, 300n]);
  await snapshotOf(token, 10_000n);
  await asBomb('claim', [1n]);
  await asBomb('burn', [100n]);
  const databaseUrl = await indexed(token, [founder, bomb.address]);
  expect(await query(databaseUrl, 'SELECT amount_wei::text AS wei FROM claim')).toEqual([
    { wei: '2400' },
  ]);
  expect(await query(databaseUrl, 'SELECT amount_wei::text AS wei FROM redemption')).toEqual([
    { wei: '200' },
  ]);
});

describe('name and symbol', () => {
  const odd = (head: string, length: number) =>
    deployContract(chain, 'RevShareOdd', [head, length], { from: founder });

  test.each([
    ['that are not UTF-8 lose what is not', '0xff41c328f09f42', 12, 'A(BMMMMM'],
    ['with control characters and NUL lose them', '0x410042', 5, 'ABMM'],
    ['of a megabyte are cut', '0x41', 1_000_000, `A${'M'.repeat(127)}`],
    [
      'of an emoji at the cut stay whole text',
      `0x${'41'.repeat(127)}f09f9a80`,
      140,
      `${'A'.repeat(127)}🚀`,
    ],
  ])('%s', async (_, head, length, expected) => {
    const token = await odd(head, length);
    await snapshotOf(token, 1_000n);
    const [text] = await textOf(await indexed(token, [founder]));
    expect(text).toMatchObject({ name: expected, symbol: expected });
  });

  test('name, symbol and decimals that revert are unknown, and nothing else suffers', async () => {
    const token = await odd('0x', 0);
    await snapshotOf(token, 1_000n);
    expect(await textOf(await indexed(token, [founder]))).toEqual([
      { name: null, symbol: null, decimals: null },
    ]);
  });
});

test('a contract whose revenue views revert is refused with the view that is missing', async () => {
  const token = await deployOtherToken(chain, 'HalfRevenueToken', {
    from: founder,
    name: 'Half',
    symbol: 'HLF',
    supply: 1n,
  });
  await expect(
    indexTo({ chain, databaseUrl: await freshDatabase(), tokens: [token.address] }),
  ).rejects.toMatchObject({
    code: 'TOKEN_NO_POLICY',
    message: expect.stringContaining('redeemableOnBurn(uint256)'),
  });
});

test('a token that was burned to the last unit before it is first indexed is recognised', async () => {
  const token = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    from: founder,
    name: 'Gone',
    symbol: 'GONE',
    supply: 7n,
    percentClaimable: 80,
    snapshotInterval: 10,
  });
  await snapshotOf(token, 700n);
  await call(token, founder, 'burn', [7n]);
  const databaseUrl = await indexed(token, [founder]);
  expect(await query(databaseUrl, 'SELECT policy FROM token')).toEqual([{ policy: 'windowed' }]);
});

describe('a token behind a proxy', () => {
  /** With 1000 units of the founder, p = 80, and one snapshot of 800 wei. */
  async function deployProxy(): Promise<DeployedContract> {
    const first = await deployContract(chain, 'RevShareWindowedUpgradeable', [], { from: founder });
    const initialize = encodeCall(first, 'initialize', ['Model', 'MDL', 1000n, 80, 0]);
    const proxy = await deployContract(chain, 'UpgradeableProxy', [first.address, initialize], {
      from: founder,
    });
    await call({ ...proxy, interface: first.interface }, founder, 'transfer', [founder, 0n]);
    return proxy;
  }

  async function upgrade(
    proxy: DeployedContract,
    contract: string,
    name = '',
    args: unknown[] = [],
  ) {
    const next =
      contract === 'PlainToken'
        ? await deployOtherToken(chain, contract, {
            from: founder,
            name: 'P',
            symbol: 'P',
            supply: 1n,
          })
        : await deployContract(chain, contract, [], { from: founder });
    const data = name === '' ? '0x' : encodeCall(next, name, args);
    const receipt = await call(proxy, founder, 'upgradeToAndCall', [next.address, data]);
    return { token: { ...proxy, interface: next.interface }, block: Number(receipt.blockNumber) };
  }

  test('continues when the new code has the same policy and terms', async () => {
    const proxy = await deployProxy();
    const { token } = await upgrade(proxy, 'RevShareWindowedNext');
    await snapshotOf(token, 1_000n);
    await call(token, founder, 'claim', [1n]);
    await call(token, founder, 'burn', [10n]);
    await indexed(token, [founder]);
  });

  test('continues with other terms of new code from the block of the upgrade on', async () => {
    const proxy = await deployProxy();
    const { token, block } = await upgrade(
      proxy,
      'RevShareWindowedNext',
      'setPercentClaimable',
      [60],
    );
    await snapshotOf(token, 1_000n);
    await call(token, founder, 'burn', [10n]);
    expect(await termsOf(await indexed(token, [founder]))).toEqual([{ block, percent: 60 }]);
  });

  test('is held when it loses its policy while it is followed', async () => {
    const proxy = await deployProxy();
    const databaseUrl = await freshDatabase();
    const follower = follow({ chain, databaseUrl, tokens: [proxy.address] });
    await follower.caughtUp();
    const { block } = await upgrade(proxy, 'PlainToken');
    expect(await heldBy(follower, databaseUrl)).toMatchObject([
      {
        code: 'TOKEN_UPGRADED',
        lastBlock: block - 1,
        reason: expect.stringContaining(`block ${block}: it was windowed, 80 %, 2 snapshots open`),
      },
    ]);
  });
});

describe('terms that change without a log of the token', () => {
  /** A token behind a beacon, with one snapshot of 800 wei: 1000 units of the founder, p = 80. */
  async function deployBehindBeacon() {
    const first = await deployContract(chain, 'RevShareWindowedUpgradeable', [], { from: founder });
    const beacon = await deployContract(chain, 'TokenBeacon', [first.address], { from: founder });
    const initialize = encodeCall(first, 'initialize', ['Model', 'MDL', 1000n, 80, 0]);
    const proxy = await deployContract(chain, 'RevShareBeaconProxy', [beacon.address, initialize], {
      from: founder,
    });
    const token = { ...proxy, interface: first.interface };
    await snapshotOf(token, 1_000n);
    return { beacon, token };
  }

  async function upgradeBeacon(beacon: DeployedContract, contract: string): Promise<number> {
    const next = await deployContract(chain, contract, [], { from: founder });
    const receipt = await call(beacon, founder, 'upgradeTo', [next.address]);
    return Number(receipt.blockNumber);
  }

  test('a beacon that names code with the same terms changes nothing', async () => {
    const { beacon, token } = await deployBehindBeacon();
    await upgradeBeacon(beacon, 'RevShareWindowedNext');
    await snapshotOf(token, 1_000n);
    await call(token, founder, 'claim', [1n]);
    await call(token, founder, 'burn', [10n]);
    await indexed(token, [founder]);
  });

  test('a beacon that names code with others changes them in its block, with operations or without', async () => {
    const { beacon, token } = await deployBehindBeacon();
    const databaseUrl = await freshDatabase();
    const follower = follow({ chain, databaseUrl, tokens: [token.address] });
    await follower.caughtUp();
    const block = await upgradeBeacon(beacon, 'RevShareWindowedSixty');
    await follower.caughtUp();
    expect(await termsOf(databaseUrl)).toEqual([{ block, percent: 60 }]);
    await snapshotOf(token, 1_000n);
    expect(await heldBy(follower, databaseUrl)).toEqual([]);
    expect(await termsOf(await indexed(token, [founder]))).toEqual([{ block, percent: 60 }]);
  });

  test('a beacon that names code without a policy also stops them', async () => {
    const { beacon, token } = await deployBehindBeacon();
    const databaseUrl = await freshDatabase();
    const follower = follow({ chain, databaseUrl, tokens: [token.address] });
    await follower.caughtUp();
    const other = await deployOtherToken(chain, 'PlainToken', {
      from: founder,
      name: 'P',
      symbol: 'P',
      supply: 1n,
    });
    const receipt = await call(beacon, founder, 'upgradeTo', [other.address]);
    await execute(chain, {
      from: founder,
      to: token.address,
      data: encodeCall(other, 'transfer', [friend, 1n]),
    });
    expect(await heldBy(follower, databaseUrl)).toMatchObject([
      {
        code: 'TOKEN_UPGRADED',
        reason: expect.stringMatching(
          new RegExp(`block ${Number(receipt.blockNumber)}: .* no policy`),
        ),
      },
    ]);
  });

  /** Names other code for some blocks, in which `during` happens, and the first code again. */
  async function indexedAfter(during: (token: DeployedContract) => Promise<unknown>) {
    const { beacon, token } = await deployBehindBeacon();
    await execute(chain, { from: founder, to: token.address, valueWei: 500n });
    const first = await upgradeBeacon(beacon, 'RevShareWindowedSixty');
    await during(token);
    const second = await upgradeBeacon(beacon, 'RevShareWindowedNext');
    await mineBlocks(chain, 20, 1);
    const terms = await termsOf(await indexed(token, [founder]));
    expect(terms).toEqual([
      { block: first, percent: 60 },
      { block: second, percent: 80 },
    ]);
  }

  test('terms that were changed back since are found by a snapshot that they do not explain', () =>
    indexedAfter((token) => call(token, founder, 'snapshot')));

  test('or by a burn that they do not explain', () =>
    indexedAfter((token) => call(token, founder, 'burn', [100n])));
});
