import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActors } from '../../../devnet/actors.js';
import { type Anvil, startAnvil } from '../../../devnet/anvil.js';
import { execute, mineBlocks } from '../../../devnet/chain.js';
import { type DeployedContract, deployContract, encodeCall } from '../../../devnet/deploy.js';
import type { Address } from '../../../src/address.js';
import {
  assetHolderQuestions,
  assetQuestions,
} from '../../../src/audit/questions/assetQuestions.js';
import { ChainViews } from '../../../src/audit/questions/chainViews.js';
import { holderQuestions, tokenQuestions } from '../../../src/audit/questions/tokenQuestions.js';
import { compare } from '../../../src/audit/steps/compare.js';
import { ChainNode } from '../../../src/chain/node.js';
import type { StatedPolicy } from '../../../src/config/contracts/policy.js';
import { runIndexer } from '../../../src/processor/run.js';
import { readTokens } from '../../../src/store/read/tokens/tokens.js';
import {
  FUNCTION,
  GETTER,
  type OddRules,
  PART,
  PLAIN_RULES,
  ROLL_OVER,
  tupleOf,
} from '../../prove/odd/oddRules.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { proxyWithoutRehearsal } from '../../support/nodes/rpcProxy.js';
import { chainConfig, indexTo } from '../../support/programs/indexer.js';
import { withReader } from '../../support/reader.js';

let chain: Anvil;
let founder: string;
let alice: string;
let bob: string;

beforeAll(async () => {
  chain = await startAnvil();
  [founder = '', alice = '', bob = ''] = await createActors(chain, 'policy relatives', 3);
});
afterAll(() => chain.stop());

const HIDDEN = GETTER.percent | GETTER.interval | GETTER.lastSnapshot;
const ALL_CLAIMS =
  FUNCTION.claimBatch |
  FUNCTION.claimFor |
  FUNCTION.claimTo |
  FUNCTION.claimAll |
  FUNCTION.burnFrom |
  FUNCTION.distribute;
const THREE = { window: 3n, rollOver: ROLL_OVER.nextSnapshot, getters: HIDDEN };

function deploy(rules: Partial<OddRules>): Promise<DeployedContract> {
  const tuple = tupleOf({ ...PLAIN_RULES, functions: ALL_CLAIMS, ...rules });
  return deployContract(chain, 'RevShareComposed', ['Relative', 'REL', 1000n, tuple], {
    from: founder,
  });
}

const send = (token: DeployedContract, from: string, name: string, args: unknown[] = []) =>
  execute(chain, { from, to: token.address, data: encodeCall(token, name, args) });
const pay = (token: DeployedContract, valueWei: bigint) =>
  execute(chain, { from: bob, to: token.address, valueWei });

/** Five snapshots, with every way to claim and to burn between them. */
async function live(token: DeployedContract): Promise<void> {
  await send(token, founder, 'transfer', [alice, 317n]);
  await send(token, founder, 'transfer', [bob, 111n]);
  for (const [index, revenue] of [997n, 1003n, 501n, 703n, 99n].entries()) {
    await pay(token, revenue);
    await mineBlocks(chain, 6);
    await send(token, bob, 'snapshot');
    if (index === 0) await send(token, bob, 'claimFor', [alice, 1n]);
    if (index === 1) {
      await send(token, founder, 'claimTo', [1n, bob]);
      await send(token, bob, 'claimBatch', [[1n, 2n]]);
      await pay(token, 33n);
      await send(token, alice, 'burn', [17n]);
    }
    if (index === 3) {
      await send(token, alice, 'claimAll');
      await pay(token, 57n);
      await send(token, founder, 'burnFrom', [alice, 50n]);
    }
  }
  await pay(token, 1001n);
  await send(token, alice, 'burn', [3n]);
}

interface Configured {
  readonly token: DeployedContract;
  readonly policy: string | StatedPolicy;
  readonly assets?: readonly string[];
}

async function index(tokens: readonly Configured[], database?: string): Promise<string> {
  const databaseUrl = database ?? (await freshDatabase());
  const addresses = tokens.map(({ token }) => token.address);
  const config = chainConfig({ chain, databaseUrl, tokens: addresses });
  const policies = config.tokens.map((token, place) => ({
    ...token,
    policy: tokens[place]?.policy ?? 'auto',
    assets: (tokens[place]?.assets ?? []) as readonly Address[],
  }));
  await runIndexer({
    chain: { ...config, tokens: policies },
    databaseUrl,
    toBlock: Number(await chain.rpc.call('eth_blockNumber', [])),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  return databaseUrl;
}

/** Every figure of every holder that differs from the contract's, at the head. */
async function mismatches(databaseUrl: string): Promise<readonly unknown[]> {
  const node = new ChainNode(chain.url);
  const { number, hash } = await node.blockHeader('latest');
  const views = await ChainViews.at(node, { number, hash });
  const holders = [founder, alice, bob].map((account) => account.toLowerCase() as Address);
  const found = await withReader(databaseUrl, async (db) => {
    const differing: unknown[] = [];
    for (const token of await readTokens(db)) {
      const questions = [
        ...(await tokenQuestions(db, token, number)),
        ...(await holderQuestions(db, token, holders, number, 'all')),
        ...(await assetQuestions(db, token, number)),
        ...(await assetHolderQuestions(db, token, holders, number, 'all')),
      ];
      differing.push(...(await compare(views, questions)).mismatches);
    }
    return differing;
  });
  node.close();
  return found;
}

const reopened = (databaseUrl: string) =>
  withReader(databaseUrl, async (db) =>
    (await readTokens(db)).map(({ rules: { policy, first: terms } }) => ({
      name: policy.name,
      window: terms.window,
      interval: terms.interval,
      rounding: policy.parts.rounding,
    })),
  );

describe('relatives of the two implementations', () => {
  it('are recognised by behaviour or stated, booked, and equal to their contracts', async () => {
    const lived = [
      await deploy({ ...THREE, parts: PART.windowedRounding }),
      await deploy(THREE),
      await deploy({ getters: HIDDEN, parts: PART.claimedIsZero | PART.batchInOneSum }),
      await deploy({ getters: HIDDEN, parts: PART.windowedRounding | PART.seconds }),
      await deploy({ window: 4n, feePercent: 10n, parts: PART.batchInOneSum }),
    ];
    for (const token of lived) await live(token);
    const stated: StatedPolicy = {
      like: 'windowed',
      parts: { window: 4, rounding: 'reference', rollOver: 'none', interval: 'optional' },
    };
    const databaseUrl = await index(
      lived.map((token, place) => ({ token, policy: place === 4 ? stated : 'auto' })),
    );
    expect(await query(databaseUrl, 'SELECT code, reason FROM contract_hold')).toEqual([]);
    expect(await mismatches(databaseUrl)).toEqual([]);
    expect(await reopened(databaseUrl)).toEqual([
      { name: 'windowed-three', window: 3, interval: 5n, rounding: 'windowed' },
      { name: 'windowed-three-reference', window: 3, interval: 5n, rounding: 'reference' },
      { name: 'reference-interval', window: null, interval: 5n, rounding: 'reference' },
      { name: 'reference-interval-windowed', window: null, interval: 5n, rounding: 'windowed' },
      { name: 'windowed-like', window: 4, interval: null, rounding: 'reference' },
    ]);
    const other = lived.map((token) => ({ token, policy: 'windowed-three' }));
    await expect(index(other, databaseUrl)).rejects.toMatchObject({
      code: 'TOKEN_NO_POLICY',
    });
    const [claims] = await query<{ count: string }>(databaseUrl, 'SELECT count(*) FROM claim');
    expect(Number(claims?.count)).toBeGreaterThan(25);
  });
});

describe('a token that shares one ERC-20 completely', () => {
  it('has its books in that asset, and none of its ETH', async () => {
    const dollar = await deployContract(chain, 'RevenueAsset', ['Dollar', 'USD', 6], {
      from: founder,
    });
    const parts = PART.seconds | PART.batchInOneSum;
    const getters = GETTER.interval | GETTER.lastSnapshot;
    const token = await deploy({ percentClaimable: 100n, getters, parts, asset: dollar.address });
    await send(token, founder, 'transfer', [alice, 317n]);
    await pay(token, 5n);
    for (const revenue of [997n, 1003n, 501n]) {
      await send(dollar, bob, 'mint', [token.address, revenue]);
      await mineBlocks(chain, 7);
      await send(token, bob, 'snapshot');
      if (revenue === 1003n) await send(token, alice, 'claimBatch', [[1n, 2n]]);
    }
    await send(token, bob, 'claimFor', [founder, 2n]);
    await send(token, founder, 'claimAll');
    await send(dollar, bob, 'mint', [token.address, 77n]);
    await send(token, alice, 'burn', [17n]);
    await expect(index([{ token, policy: 'auto' }])).rejects.toMatchObject({
      code: 'TOKEN_ASSET_UNKNOWN',
      message: expect.stringContaining('follows one-asset, which shares one ERC-20'),
    });
    const databaseUrl = await index([{ token, policy: 'auto', assets: [dollar.address] }]);
    expect(await query(databaseUrl, 'SELECT code, reason FROM contract_hold')).toEqual([]);
    expect(await mismatches(databaseUrl)).toEqual([]);
    const claims = await query<{ amount_wei: string }>(
      databaseUrl,
      'SELECT amount_wei FROM claim ORDER BY id',
    );
    // 317 and 683 of 1000 units: 997 * 317 // 1000, 1003 * 317 // 1000, …
    expect(claims.map(({ amount_wei }) => BigInt(amount_wei))).toEqual([
      316n,
      317n,
      685n,
      680n,
      342n,
    ]);
  });
});

describe('claim(address,uint256) of a relative', () => {
  it('is booked for all snapshots that its payment makes up, or for the one', async () => {
    const rules = tupleOf({ ...PLAIN_RULES, parts: PART.claimedIsZero, interval: 1n });
    const args = ['Up to', 'UPT', 1000n, rules];
    const token = await deployContract(chain, 'RevShareClaimUpTo', args, { from: founder });
    await send(token, founder, 'transfer', [alice, 317n]);
    for (const revenue of [997n, 1003n, 501n]) {
      await pay(token, revenue);
      await mineBlocks(chain, 2);
      await send(token, bob, 'snapshot');
    }
    const upTo = 'claim(address,uint256)';
    await send(token, bob, upTo, [alice, 1n]);
    await send(token, bob, upTo, [alice, 3n]);
    await send(token, bob, upTo, [founder, 2n]);
    const databaseUrl = await index([{ token, policy: 'auto' }]);
    expect(await query(databaseUrl, 'SELECT code, reason FROM contract_hold')).toEqual([]);
    expect(await mismatches(databaseUrl)).toEqual([]);
    const claims = await query<{ id: number; wei: string }>(
      databaseUrl,
      'SELECT snapshot_id::int AS id, amount_wei::text AS wei FROM claim ORDER BY claim.id',
    );
    // 80 % of each revenue, 317 and 683 of 1000 units of it.
    expect(claims.map(({ id, wei }) => [id, BigInt(wei)])).toEqual([
      [1, 252n],
      [2, 254n],
      [3, 126n],
      [1, 544n],
      [2, 547n],
    ]);
  });
});

describe('a contract whose rules neither getters nor views say', () => {
  it('is refused while several policies fit, with the nearest one and the line to write', async () => {
    const token = await deploy(THREE);
    // A rehearsal would tell them apart.
    const url = await proxyWithoutRehearsal(chain.url);
    const databaseUrl = await freshDatabase();
    const request = { chain: { ...chain, url }, databaseUrl, tokens: [token.address] };
    await expect(indexTo(request)).rejects.toMatchObject({
      code: 'TOKEN_NO_POLICY',
      message: expect.stringContaining(
        'looks like windowed-three-reference, but its getters and views do not say its',
      ),
      hint: expect.stringContaining('policy: windowed-three-reference'),
    });
  });

  it('is refused with the difference where its views contradict every policy', async () => {
    const token = await deploy({ ...THREE, window: 2n });
    await threeSnapshots(token);
    await expect(index([{ token, policy: 'auto' }])).rejects.toMatchObject({
      code: 'TOKEN_NO_POLICY',
      message: expect.stringContaining('of 3 snapshots, 2 are open (from 2), not 3'),
    });
  });

  it('cannot hide its window behind the getters of the reference', async () => {
    const token = await deploy({ window: 2n, rollOver: ROLL_OVER.nextSnapshot });
    await threeSnapshots(token);
    await expect(index([{ token, policy: 'auto' }])).rejects.toMatchObject({
      code: 'TOKEN_NO_POLICY',
      message: expect.stringContaining('looks like reference, but of 3 snapshots, 2 are open'),
    });
  });
});

/** Three snapshots, and nothing else. */
async function threeSnapshots(token: DeployedContract): Promise<void> {
  for (const revenue of [100n, 200n, 300n]) {
    await pay(token, revenue);
    await mineBlocks(chain, 6);
    await send(token, bob, 'snapshot');
  }
}
