import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createActors } from '../../../../devnet/actors.js';
import { BlockMaker } from '../../../../devnet/blocks.js';
import type { TransactionRequest } from '../../../../devnet/chain.js';
import {
  type DeployedContract,
  deployContract,
  deployRouter,
  encodeCall,
} from '../../../../devnet/deploy.js';
import { routerBundle } from '../../../../devnet/holder.js';
import { functions } from '../../../../src/abi/erc7641.js';
import { type Address, checksummed } from '../../../../src/address.js';
import { earliestNextSnapshot } from '../../../../src/api/objects/tokens/earliestSnapshot.js';
import { sayTerms } from '../../../../src/chain/contract/terms.js';
import { ChainNode } from '../../../../src/chain/node.js';
import { rulesAt } from '../../../../src/ledger/terms.js';
import { readLastSnapshots } from '../../../../src/store/read/tokens/snapshots.js';
import { readTokens, type TokenRecord } from '../../../../src/store/read/tokens/tokens.js';
import { ask, startTestApi } from '../../../api/support.js';
import { compareToken } from '../../../prove/compare.js';
import { FUNCTION, GETTER, PART, PLAIN_RULES, tupleOf } from '../../../prove/odd/oddRules.js';
import { withViews } from '../../../prove/viewsAt.js';
import { freshDatabase, query } from '../../../support/databases/postgres.js';
import { dumpTables } from '../../../support/databases/tables.js';
import { type Anvil, startAnvil } from '../../../support/nodes/anvil.js';
import { faultyProxy } from '../../../support/nodes/rpcProxy.js';
import { follow, indexTo } from '../../../support/programs/indexer.js';

let chain: Anvil;
let blocks: BlockMaker;
let router: DeployedContract;
let founder: string;
let alice: string;
let bob: string;

beforeAll(async () => {
  chain = await startAnvil({ genesisTimestamp: 1_750_000_000 });
  [founder = '', alice = '', bob = ''] = await createActors(chain, 'terms', 3);
  router = await deployRouter(chain, { from: founder });
  blocks = await BlockMaker.takeOver(chain);
}, 30_000);
afterAll(() => chain.stop());

/** 1000 units of the founder, of which Alice gets 317: 80 %, the last two snapshots, 10 seconds. */
async function deployed(contract = 'RevShareAdjustable'): Promise<DeployedContract> {
  const args = ['Model', 'MDL', 1000n, 80n, 2n, 10n];
  const token = await deployContract(chain, contract, args, { from: founder });
  await blocks.catchUp();
  await blocks.mine([call(token, founder, 'transfer', [alice, 317n])]);
  return token;
}

function call(
  token: DeployedContract,
  from: string,
  name: string,
  args: unknown[] = [],
): TransactionRequest {
  return { from, to: token.address, data: encodeCall(token, name, args), gas: 1_000_000n };
}

const pay = (token: DeployedContract, valueWei: bigint): TransactionRequest => ({
  from: bob,
  to: token.address,
  valueWei,
});

/** Blocks one after the other, each with one of the transactions, or with several of them. */
async function live(...steps: (TransactionRequest | TransactionRequest[])[]): Promise<void> {
  for (const step of steps) {
    const receipts = await blocks.mine(Array.isArray(step) ? step : [step]);
    expect(receipts.map(({ status }) => status)).not.toContain('0x0');
  }
}

const headNumber = async () => Number(await chain.rpc.call<string>('eth_blockNumber', []));

/** Holds every figure at every block against the contract; says the terms by block. */
async function judged(databaseUrl: string, token: DeployedContract) {
  const pool = new pg.Pool({ connectionString: databaseUrl });
  try {
    const [record] = await readTokens(pool, { address: token.address.toLowerCase() as Address });
    if (record === undefined) throw new Error('the token is not indexed');
    const head = await headNumber();
    let figures = 0;
    for (let block = record.startBlock; block <= head; block++) {
      const holders = [founder, alice, bob] as Address[];
      const compared = await compareToken(pool, chain, record, holders, block);
      expect({ block, mismatches: compared.mismatches }).toEqual({ block, mismatches: [] });
      figures += compared.figures + (await judgedTerms(pool, record, block));
    }
    return { figures, record, head };
  } finally {
    await pool.end();
  }
}

/** Percentage, window, interval and the earliest next snapshot. */
async function judgedTerms(pool: pg.Pool, token: TokenRecord, block: number): Promise<number> {
  const { terms } = rulesAt(token.rules, block);
  const [last = null] = await readLastSnapshots(pool, [{ tokenNumber: token.number, block }]);
  const earliest = earliestNextSnapshot(token, block, last);
  const ask = (data: string) => ({ kind: 'call', to: token.address, data }) as const;
  const [percent, window, interval, since] = await withViews(chain, block, (views) =>
    views.read([
      ask(functions.percentClaimable.selector),
      ask(functions.SNAPSHOT_CLAIMABLE_NUMBER.selector),
      ask(functions.snapshotInterval.selector),
      ask(functions.lastSnapshotTimestamp.selector),
    ]),
  );
  const ours = [terms.percentClaimable, BigInt(terms.window ?? 0), terms.interval];
  expect({ block, ours }).toEqual({ block, ours: [percent, window, interval] });
  if (since != null) {
    const seconds = BigInt(earliest?.timestamp?.getTime() ?? 0) / 1000n;
    expect({ block, seconds }).toEqual({ block, seconds: since + (interval ?? 0n) + 1n });
  }
  return ours.length + 1;
}

async function indexed(token: DeployedContract) {
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address] });
  const rows = await query<{ percent: number; window: number; interval: string }>(
    databaseUrl,
    `SELECT percent_claimable AS percent, "window", "interval"::int AS "interval",
       transaction_hash IS NOT NULL AS placed FROM token_terms ORDER BY id`,
  );
  return { databaseUrl, rows, ...(await judged(databaseUrl, token)) };
}

describe('terms that a setter changes', () => {
  test('terms that change with a log apply from its block on', async () => {
    const token = await deployed();
    await live(
      pay(token, 1000n),
      call(token, bob, 'snapshot'),
      pay(token, 555n),
      call(token, bob, 'setTerms', [60n, 2n, 3600n]),
      call(token, alice, 'burn', [17n]),
      call(token, alice, 'claim', [1n]),
      pay(token, 333n),
    );
    const { databaseUrl, rows, figures } = await indexed(token);
    // Versions of the pools notify subscribers of entitlements.
    const versions = 'SELECT FROM pool_version JOIN token_terms USING (token_number, block_number)';
    expect(await query(databaseUrl, versions)).toHaveLength(1);
    expect(rows).toEqual([{ percent: 60, window: 2, interval: 3600, placed: true }]);
    expect(figures).toBeGreaterThan(100);
  });

  test('the percentage at the snapshot counts, not that at the receipt', async () => {
    const token = await deployed();
    await live(
      pay(token, 1000n),
      call(token, bob, 'setPercentClaimable', [33n]),
      pay(token, 500n),
      call(token, bob, 'setPercentClaimable', [50n]),
      call(token, bob, 'snapshot'),
    );
    const { databaseUrl } = await indexed(token);
    const snapshots = await query(databaseUrl, 'SELECT fresh_wei::int AS wei FROM snapshot');
    expect(snapshots).toEqual([{ wei: 750 }]);
  });

  test('terms that change in the transaction of another contract take their place between its payments and its snapshot', async () => {
    const token = await deployed();
    const step = (data: string, valueWei = 0n) => ({
      target: token.address,
      data,
      valueWei,
      mayFail: false,
    });
    await live(
      pay(token, 100n),
      routerBundle(router, bob, [
        step('0x', 1000n),
        step(encodeCall(token, 'setPercentClaimable', [45n])),
        step(encodeCall(token, 'snapshot', [])),
        step('0x', 77n),
      ]),
      call(token, alice, 'claim', [1n]),
      call(token, alice, 'burn', [9n]),
    );
    await indexed(token);
  });

  test.each([
    ['before', 60n],
    ['after', 80n],
  ] as const)(
    'terms that change in the block of a snapshot, %s it, are placed by what it assigned',
    async (where, percent) => {
      const token = await deployed();
      const set = call(token, founder, 'setPercentClaimable', [60n]);
      const snapshot = call(token, bob, 'snapshot');
      await live(pay(token, 1000n), where === 'before' ? [set, snapshot] : [snapshot, set]);
      const { databaseUrl } = await indexed(token);
      const snapshots = await query(databaseUrl, 'SELECT fresh_wei::int AS wei FROM snapshot');
      expect(snapshots).toEqual([{ wei: Number(percent) * 10 }]);
    },
  );

  test('a smaller window makes the rest of older snapshots new revenue, and a larger one takes it back', async () => {
    const token = await deployed();
    await live(
      pay(token, 1000n),
      call(token, bob, 'snapshot'),
      call(token, alice, 'claim', [1n]),
      pay(token, 2000n),
      call(token, bob, 'snapshot'),
      call(token, bob, 'setWindow', [1n]),
      call(token, alice, 'burn', [11n]),
      pay(token, 500n),
      call(token, bob, 'snapshot'),
      call(token, founder, 'claim', [3n]),
      call(token, bob, 'setWindow', [3n]),
      call(token, alice, 'claim', [2n]),
      pay(token, 9000n),
      call(token, alice, 'burn', [5n]),
      call(token, bob, 'snapshot'),
      call(token, bob, 'setWindow', [2n]),
      call(token, founder, 'claim', [4n]),
    );
    const { databaseUrl, rows } = await indexed(token);
    expect(rows.map(({ window }) => window)).toEqual([1, 3, 2]);
    const below = await query(
      databaseUrl,
      'SELECT count(*)::int AS blocks FROM pool_version WHERE new_revenue_wei < 0',
    );
    expect(below).toEqual([{ blocks: 2 }]);
  });

  test('a token is recognised and followed while a larger window keeps its new revenue below zero', async () => {
    const token = await deployed();
    for (let count = 0; count < 3; count++) {
      await live(pay(token, 1000n), call(token, bob, 'snapshot'));
    }
    await live(call(token, bob, 'setWindow', [3n]), pay(token, 10n));
    await indexed(token);
  });

  test('another percentage may leave burners more than their part: then burns revert', async () => {
    const token = await deployed();
    await live(
      pay(token, 1000n),
      call(token, alice, 'burn', [200n]),
      call(token, bob, 'setPercentClaimable', [100n]),
      pay(token, 10n),
      call(token, bob, 'setPercentClaimable', [10n]),
      call(token, bob, 'snapshot'),
    );
    await indexed(token);
  });
});

describe('a function that left the terms alone in many blocks', () => {
  const same = (token: DeployedContract) => call(token, bob, 'setTerms', [80n, 2n, 10n]);
  const often = (token: DeployedContract, times: number) =>
    live(...Array.from({ length: times }, () => same(token)));

  test('is still seen to change them, in the right block', async () => {
    const token = await deployed();
    await often(token, 60);
    await live(pay(token, 1000n), call(token, bob, 'setTerms', [60n, 2n, 10n]));
    const changed = await headNumber();
    await live(pay(token, 500n), call(token, bob, 'snapshot'));
    await blocks.skip(25);
    const databaseUrl = await freshDatabase();
    await indexTo({ chain, databaseUrl, tokens: [token.address] });
    expect(
      await query(
        databaseUrl,
        'SELECT block_number::int AS block, percent_claimable AS percent FROM token_terms',
      ),
    ).toEqual([{ block: changed, percent: 60 }]);
  });

  // The indexer reads eight getters at each of the first 32 blocks, then at one of 64.
  test('costs fewer calls than twice the blocks', async () => {
    const token = await deployed();
    const proxy = await faultyProxy(chain.url);
    await often(token, 300);
    const counted = { ...chain, url: proxy.url };
    await indexTo({ chain: counted, databaseUrl: await freshDatabase(), tokens: [token.address] });
    expect(proxy.calls('eth_call')).toBeLessThan(600);
  });
});

test('a node without the states of old blocks says the terms of the newer ones', async () => {
  const token = await deployed();
  await blocks.skip(20);
  const head = await headNumber();
  const proxy = await faultyProxy(chain.url);
  const refused = {
    kind: 'error',
    code: -32000,
    message: 'missing trie node',
    times: Infinity,
  } as const;
  for (let block = head - 14; block < head - 4; block++)
    proxy.inject({ ...refused, block, method: 'eth_call' });
  const node = new ChainNode(proxy.url);
  const { first: terms, policy } = (await indexed(token)).record.rules;
  const held = (await node.headers(head - 14, head)).map(({ number, hash }) => ({
    address: token.address as Address,
    policy,
    terms,
    number,
    block: { hash },
  }));
  const said = await sayTerms(node, held);
  node.close();
  expect(said).toEqual(held.map(({ number }) => (number < head - 4 ? null : true)));
});

test('a pause marks every answer that depends on it, and no amount changes', async () => {
  const token = await deployed();
  await live(
    pay(token, 1000n),
    call(token, bob, 'snapshot'),
    call(token, bob, 'setSnapshotInterval', [999_999n]),
    call(token, bob, 'setPaused', [true]),
    [],
  );
  const { databaseUrl, record, head } = await indexed(token);
  const pauses = [0, 1, 2].map((ago) => rulesAt(record.rules, head - ago).terms.isPaused);
  expect(pauses).toEqual([true, true, false]);
  const api = await startTestApi(databaseUrl);
  try {
    const of = `chainId: ${chain.chainId}, address: "${token.address}"`;
    const terms = 'fromBlock percentClaimable window interval isPaused';
    const fields = `policy { isPaused interval } termsHistory { ${terms} }`;
    const now = await ask(
      api,
      `{ token(${of}) { ${fields} }
        claimPlan(address: "${alice}") { warnings { code snapshotId loses { amount } } } }`,
    );
    const first = { fromBlock: record.startBlock, interval: '10', isPaused: false };
    const slower = { fromBlock: head - 2, interval: '999999', isPaused: false };
    const paused = { fromBlock: head - 1, interval: '999999', isPaused: true };
    const same = { percentClaimable: 80, window: 2 };
    expect(now.data).toEqual({
      token: {
        policy: { isPaused: true, interval: '999999' },
        termsHistory: [paused, slower, first].map((history) => ({ ...history, ...same })),
      },
      claimPlan: { warnings: [{ code: 'CLAIMS_PAUSED', snapshotId: 1, loses: [] }] },
    });
    const marks = { token: checksummed(record.address), chainId: chain.chainId, block: head };
    expect(now).toMatchObject({ extensions: { paused: [marks] } });
    const before = await ask(api, `{ token(${of}, at: {block: ${head - 3}}) { ${fields} } }`);
    expect(before.data.token.policy).toEqual({ isPaused: false, interval: '10' });
    expect(before).not.toHaveProperty('extensions.paused');
    const rest = await fetch(new URL(`/v1/holders/${alice}/claimable`, api.url));
    expect(await rest.json()).toMatchObject({ paused: [marks] });
    const file = await fetch(new URL('/v1/export/entitlements?format=csv', api.url));
    expect(file.headers.get('x-imo-paused')).toBe(`${chain.chainId}:${marks.token}`);
    await file.text();
  } finally {
    await api.close();
  }
});

test('a token that shares one asset has an interval that changes', async () => {
  const asset = await deployContract(chain, 'RevenueAsset', ['Dollar', 'USD', 6], {
    from: founder,
  });
  const rules = tupleOf({
    ...PLAIN_RULES,
    percentClaimable: 100n,
    asset: asset.address,
    getters: GETTER.interval | GETTER.lastSnapshot,
    functions: FUNCTION.setTerms,
    parts: PART.seconds,
  });
  const token = await deployContract(chain, 'RevShareComposed', ['One', 'ONE', 1000n, rules], {
    from: founder,
  });
  await blocks.catchUp();
  await live(
    call(asset, founder, 'mint', [token.address, 700n]),
    call(token, bob, 'snapshot'),
    call(token, bob, 'setInterval', [60n]),
  );
  const databaseUrl = await freshDatabase();
  await indexTo({ chain, databaseUrl, tokens: [token.address], assets: [asset.address] });
  expect(await query(databaseUrl, 'SELECT "interval"::int AS seconds FROM token_terms')).toEqual([
    { seconds: 60 },
  ]);
});

test('terms that are set and set back in one block around a snapshot are refused', async () => {
  const token = await deployed();
  await live(pay(token, 1000n), [
    call(token, founder, 'setPercentClaimable', [60n]),
    call(token, bob, 'snapshot'),
    call(token, founder, 'setPercentClaimable', [80n]),
  ]);
  await blocks.skip(12);
  await expect(
    indexTo({ chain, databaseUrl: await freshDatabase(), tokens: [token.address] }),
  ).rejects.toMatchObject({ code: 'LEDGER_SNAPSHOT_DIFFERS' });
});

describe('while the chain is followed', () => {
  test('a reorg takes a change back, and what follows equals a fresh index', async () => {
    const token = await deployed();
    await live(pay(token, 1000n), call(token, bob, 'snapshot'), pay(token, 500n));
    const tokens = [token.address];
    const databaseUrl = await freshDatabase();
    const follower = follow({ chain, databaseUrl, tokens });
    await follower.caughtUp();
    const fork = await chain.rpc.call<string>('evm_snapshot');
    await live(call(token, bob, 'setTerms', [50n, 1n, 60n]), call(token, alice, 'burn', [10n]));
    await follower.caughtUp();
    expect(await query(databaseUrl, 'SELECT id FROM token_terms')).toHaveLength(1);
    await chain.rpc.call('evm_revert', [fork]);
    await live(pay(token, 7n), call(token, alice, 'burn', [10n]), pay(token, 8n));
    await follower.caughtUp();
    expect(await query(databaseUrl, 'SELECT id FROM token_terms')).toEqual([]);
    await live(call(token, bob, 'setWindow', [1n]), call(token, bob, 'snapshot'));
    await follower.caughtUp();
    await follower.stop();
    await judged(databaseUrl, token);
    const fresh = await freshDatabase();
    await indexTo({ chain, databaseUrl: fresh, tokens });
    const [followed, atOnce] = [await dumpTables(databaseUrl), await dumpTables(fresh)];
    for (const table of ['token', 'token_terms', 'pool_version', 'posting', 'snapshot']) {
      expect(followed[table]).toEqual(atOnce[table]);
    }
  });
});
