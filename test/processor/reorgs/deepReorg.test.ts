import { describe, expect, it } from 'vitest';
import { latestBlock, mineBlocks } from '../../../devnet/chain.js';
import { deployWindowed } from '../../../devnet/deploy.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { countOperations, dumpTables } from '../../support/databases/tables.js';
import { startAnvil } from '../../support/nodes/anvil.js';
import { faultyProxy } from '../../support/nodes/rpcProxy.js';
import { handledReorgs } from '../../support/programs/handledReorgs.js';
import { follow, indexTo } from '../../support/programs/indexer.js';
import { Scene } from '../../support/scenes/scene.js';

const CLAIMABLE = 'SELECT claimable_wei::text AS wei FROM snapshot ORDER BY id';

/** Blocks on top of a final one, in these tests. */
const FINALITY = 3;

interface Fork {
  readonly scene: Scene;
  readonly databaseUrl: string;
  readonly warnings: string[];
  readonly request: Parameters<typeof follow>[0];
  /** Goes back to the common block. */
  revert(): Promise<void>;
}

/** A token with revenue, a snapshot and some empty blocks, from where the chain will fork. */
async function start(): Promise<Fork> {
  const scene = await Scene.start();
  await scene.call(scene.founder, 'transfer', [scene.friend, 400n]);
  await scene.pay(1000n);
  await scene.snapshot();
  await mineBlocks(scene.chain, 5, 1);
  const databaseUrl = await freshDatabase();
  const warnings: string[] = [];
  const request = {
    chain: scene.chain,
    databaseUrl,
    tokens: [scene.token.address],
    finality: FINALITY,
    onWarning: (line: string) => warnings.push(line),
  };
  const fork = await scene.chain.rpc.call<string>('evm_snapshot');
  const revert = async () => {
    await scene.chain.rpc.call('evm_revert', [fork]);
  };
  return { scene, databaseUrl, warnings, request, revert };
}

/** What is abandoned: a payment, a snapshot, a claim and a burn, then final. */
async function oldFork({ scene }: Fork): Promise<void> {
  await scene.pay(500n);
  await scene.snapshot();
  await scene.call(scene.friend, 'claim', [1n]);
  await scene.call(scene.friend, 'burn', [100n]);
  await mineBlocks(scene.chain, 12, 1);
}

/** What comes in its place: the claim in another block, no second snapshot. */
async function newFork({ scene }: Fork): Promise<void> {
  await mineBlocks(scene.chain, 2, 1);
  await scene.call(scene.friend, 'claim', [1n]);
  await scene.pay(501n);
}

async function expectFresh({ databaseUrl, request }: Fork): Promise<void> {
  const fresh = await freshDatabase();
  await indexTo({ ...request, databaseUrl: fresh });
  expect(await dumpTables(databaseUrl)).toEqual(await dumpTables(fresh));
}

/** The only reorg that the database has. */
async function handled({ databaseUrl }: Fork) {
  const reorgs = await handledReorgs(databaseUrl);
  expect(reorgs).toHaveLength(1);
  return reorgs[0];
}

async function hashOf({ scene }: Fork, height: number): Promise<string> {
  const asked = [`0x${height.toString(16)}`, false];
  return (await scene.chain.rpc.call<{ hash: string }>('eth_getBlockByNumber', asked)).hash;
}

async function headOf({ scene }: Fork): Promise<number> {
  return (await latestBlock(scene.chain)).number;
}

async function mineAbove(fork: Fork, height: number): Promise<void> {
  await mineBlocks(fork.scene.chain, Math.max(height + 1 - (await headOf(fork)), 0), 1);
}

describe('a reorg deeper than finality is recovered from', () => {
  it('while the chain is followed, and it is said loudly', async () => {
    const fork = await start();
    // Of final blocks, hashes are kept where something is booked.
    const known = (await headOf(fork)) - 5;
    await oldFork(fork);
    const follower = follow(fork.request);
    await follower.caughtUp();
    const oldHead = await headOf(fork);
    const oldHeadHash = await hashOf(fork, oldHead);
    const rows = await countOperations(fork.databaseUrl, known);
    await query(
      fork.databaseUrl,
      `INSERT INTO chain_reorg SELECT 31337, n, 1, 2, '\\x00', NULL, NULL, 0, now()
       FROM generate_series(1, 100) AS n`,
    );
    await fork.revert();
    await newFork(fork);
    await mineAbove(fork, oldHead);
    await follower.caughtUp();
    await follower.stop();
    await expectFresh(fork);
    const reorgs = await handledReorgs(fork.databaseUrl);
    // The oldest made room.
    expect(reorgs).toHaveLength(100);
    const newHash = await hashOf(fork, known + 1);
    expect(reorgs.at(-1)).toEqual({
      ...{ fork: known, oldHead, oldHeadHash, oldHash: null, newHash, rows },
    });
    expect(fork.warnings.join('\n')).toMatch(
      new RegExp(`DEEP REORG of chain 31337: block ${oldHead} 0x[0-9a-f]{64} is gone`),
    );
  });

  it('that happened while nobody looked', async () => {
    const fork = await start();
    await oldFork(fork);
    const oldHead = await indexTo(fork.request);
    await fork.revert();
    await newFork(fork);
    await mineAbove(fork, oldHead + 20);
    await indexTo(fork.request);
    await expectFresh(fork);
    expect(fork.warnings.join('\n')).toContain('DEEP REORG');
  });

  it('by a run to a block that was reached on the dead fork', async () => {
    const fork = await start();
    await oldFork(fork);
    const oldHead = await indexTo(fork.request);
    await fork.revert();
    await newFork(fork);
    await mineAbove(fork, oldHead + 20);
    await indexTo(fork.request, oldHead);
    const fresh = await freshDatabase();
    await indexTo({ ...fork.request, databaseUrl: fresh }, oldHead);
    expect(await dumpTables(fork.databaseUrl)).toEqual(await dumpTables(fresh));
  });

  it('to a chain that stays shorter, which is settled on after a while', async () => {
    const fork = await start();
    await oldFork(fork);
    const follower = follow(fork.request);
    await follower.caughtUp();
    const oldHead = await headOf(fork);
    await fork.revert();
    await newFork(fork);
    expect(await headOf(fork)).toBeLessThan(oldHead - FINALITY);
    await follower.caughtUp();
    await mineBlocks(fork.scene.chain, FINALITY + 1, 1);
    await follower.caughtUp();
    await follower.stop();
    await expectFresh(fork);
  });

  it('to one with the same transactions in another order', async () => {
    const fork = await start();
    const { scene } = fork;
    const before = await scene.payAndSnapshot('payment', 900n);
    await mineBlocks(scene.chain, 12, 1);
    const oldHead = await indexTo(fork.request);
    await fork.revert();
    const after = await scene.payAndSnapshot('snapshot', 900n);
    expect(after).toEqual([...before].reverse());
    await mineAbove(fork, oldHead + 1);
    await indexTo(fork.request);
    await expectFresh(fork);
    expect(fork.warnings.join('\n')).toContain('DEEP REORG');
    // It came too late for the snapshot.
    expect(await query(fork.databaseUrl, CLAIMABLE)).toEqual([{ wei: '800' }, { wei: '0' }]);
  });

  it('but nothing is deleted while the blocks that come in its place cannot be read', async () => {
    const fork = await start();
    await oldFork(fork);
    const oldHead = await indexTo(fork.request);
    const before = await dumpTables(fork.databaseUrl);
    await fork.revert();
    await newFork(fork);
    await mineAbove(fork, oldHead + 5);
    const proxy = await faultyProxy(fork.scene.chain.url);
    const method = 'trace_block';
    const traces = proxy.inject({ kind: 'empty', method, times: Infinity });
    const through = { ...fork.request, chain: { ...fork.scene.chain, url: proxy.url } };
    const running = indexTo(through, oldHead + 6);
    // The first call only asks whether there are traces at all.
    await proxy.called(method, 4);
    expect(await dumpTables(fork.databaseUrl)).toEqual(before);
    traces.cancel();
    await running;
    await expectFresh(fork);
  });
});

describe('a reorg within finality', () => {
  it('to a shorter chain is settled on after a while', async () => {
    const fork = await start();
    const shared = await headOf(fork);
    const follower = follow({ ...fork.request, finality: 40 });
    await oldFork(fork);
    await follower.caughtUp();
    const oldHead = await headOf(fork);
    await fork.revert();
    await newFork(fork);
    await follower.caughtUp();
    await follower.stop();
    const newHash = await hashOf(fork, shared + 1);
    expect(await handled(fork)).toMatchObject({ fork: shared, oldHead, newHash });
    const fresh = await freshDatabase();
    await indexTo({ ...fork.request, finality: 40, databaseUrl: fresh });
    expect(await dumpTables(fork.databaseUrl)).toEqual(await dumpTables(fresh));
  });
});

describe('a reorg while the processor is down', () => {
  it('that keeps the transactions, in another order, within finality', async () => {
    const fork = await start();
    const request = { ...fork.request, finality: 40 };
    const before = await fork.scene.payAndSnapshot('payment', 900n);
    const oldHead = await indexTo(request);
    expect(await query(fork.databaseUrl, CLAIMABLE)).toEqual([{ wei: '800' }, { wei: '720' }]);
    await fork.revert();
    const after = await fork.scene.payAndSnapshot('snapshot', 900n);
    expect(after).toEqual([...before].reverse());
    await mineAbove(fork, oldHead);
    await indexTo(request);
    expect(await query(fork.databaseUrl, CLAIMABLE)).toEqual([{ wei: '800' }, { wei: '0' }]);
    expect(fork.warnings.join('\n')).not.toContain('DEEP');
  });
});

describe('a rollback within finality', () => {
  it('deletes nothing while the blocks that come in its place cannot be read', async () => {
    const fork = await start();
    await oldFork(fork);
    const proxy = await faultyProxy(fork.scene.chain.url);
    const chain = { ...fork.scene.chain, url: proxy.url };
    const request = { ...fork.request, chain, finality: 40 };
    const follower = follow(request);
    await follower.caughtUp();
    const oldHead = await headOf(fork);
    const before = await dumpTables(fork.databaseUrl);
    const method = 'trace_block';
    const traces = proxy.inject({ kind: 'empty', method, times: Infinity });
    const asked = proxy.calls(method);
    await fork.revert();
    await newFork(fork);
    await mineAbove(fork, oldHead);
    await proxy.called(method, asked + 4);
    expect(await dumpTables(fork.databaseUrl)).toEqual(before);
    traces.cancel();
    await follower.caughtUp();
    await follower.stop();
    await expectFresh({ ...fork, request: { ...fork.request, finality: 40 } });
  });
});

describe('a chain that was started again', () => {
  it('is refused, and the database stays as it was', async () => {
    const fork = await start();
    await oldFork(fork);
    await indexTo(fork.request);
    const before = await dumpTables(fork.databaseUrl);
    const other = await startAnvil({ genesisTimestamp: 1_760_000_000 });
    await mineBlocks(other, 60, 1);
    await expect(
      indexTo({ ...fork.request, chain: { ...fork.scene.chain, url: other.url } }, 60),
    ).rejects.toMatchObject({ code: 'CHAIN_REPLACED' });
    expect(await dumpTables(fork.databaseUrl)).toEqual(before);
  });
});

describe('a reorg of young blocks while the processor is down', () => {
  it('a reorg with replacements that are final at the restart is recovered from', async () => {
    const fork = await start();
    const shared = await headOf(fork);
    const request = { ...fork.request, finality: 40 };
    await oldFork(fork);
    const oldHead = await indexTo(request);
    const oldHash = await hashOf(fork, shared + 1);
    await fork.revert();
    await newFork(fork);
    await mineAbove(fork, oldHead + 60);
    const follower = follow(request);
    await follower.caughtUp();
    await follower.stop();
    const newHash = await hashOf(fork, shared + 1);
    expect(await handled(fork)).toMatchObject({ fork: shared, oldHead, oldHash, newHash });
    await expectFresh({ ...fork, request });
    expect(fork.warnings.join('\n')).not.toContain('DEEP');
  });
});

describe('a reorg in which a contract was never deployed', () => {
  it('is refused, and the database stays as it was', async () => {
    const fork = await start();
    const { scene } = fork;
    const second = await deployWindowed(scene.chain, 'RevShareWindowedSeconds', {
      from: scene.founder,
      name: 'Second',
      symbol: 'SCD',
      supply: 10n,
      percentClaimable: 80,
      snapshotInterval: 10,
    });
    await mineBlocks(scene.chain, 12, 1);
    const request = { ...fork.request, tokens: [...fork.request.tokens, second.address] };
    const oldHead = await indexTo(request);
    const before = await dumpTables(fork.databaseUrl);
    await fork.revert();
    await mineAbove(fork, oldHead + 5);
    await expect(indexTo(request)).rejects.toMatchObject({
      code: 'CHAIN_REPLACED',
      message: expect.stringMatching(/was deployed in block \d+, which is gone/),
    });
    expect(await dumpTables(fork.databaseUrl)).toEqual(before);
  });
});

describe('what is not a reorg', () => {
  it('the same young blocks, which are final at the restart', async () => {
    const fork = await start();
    const request = { ...fork.request, finality: 40 };
    await oldFork(fork);
    await indexTo(request);
    await mineBlocks(fork.scene.chain, 60, 1);
    await indexTo(request);
    expect(await handledReorgs(fork.databaseUrl)).toEqual([]);
  });

  it('a node that lags, flips between heads and does not have the newest blocks', async () => {
    const fork = await start();
    const proxy = await faultyProxy(fork.scene.chain.url);
    const request = { ...fork.request, chain: { ...fork.scene.chain, url: proxy.url } };
    const follower = follow(request);
    await follower.caughtUp();
    const highest = async () => {
      const sql = 'SELECT height FROM chain_cursor';
      const [cursor] = await query<{ height: number }>(fork.databaseUrl, sql);
      return cursor?.height ?? -1;
    };
    for (let round = 0; round < 4; round++) {
      const before = await highest();
      const lag = proxy.inject({
        kind: 'behind',
        blocks: 1 + 4 * round,
        method: 'eth_blockNumber',
        times: 3,
      });
      const method = 'eth_getBlockByNumber';
      const absent = proxy.inject({ kind: 'null', method, block: before, times: 2 });
      await lag.done;
      await absent.done;
      expect(await highest()).toBe(before);
      await fork.scene.pay(10n + BigInt(round));
      await follower.caughtUp();
    }
    await follower.stop();
    expect(fork.warnings.join('\n')).not.toContain('REORG');
    expect(await handledReorgs(fork.databaseUrl)).toEqual([]);
    await expectFresh(fork);
  });

  it('an endpoint that shows a shorter fork now and then', async () => {
    const fork = await start();
    const other = await Scene.start();
    await mineBlocks(other.chain, 6, 1);
    const proxy = await faultyProxy(fork.scene.chain.url);
    const request = { ...fork.request, chain: { ...fork.scene.chain, url: proxy.url } };
    const follower = follow(request);
    await follower.caughtUp();
    const before = await dumpTables(fork.databaseUrl);
    for (let round = 0; round < 3; round++) {
      const seen = proxy.calls('eth_blockNumber');
      proxy.routeTo(other.chain.url);
      // One poll sees the other fork from its head to its headers.
      await proxy.called('eth_blockNumber', seen + 2);
      proxy.routeTo(fork.scene.chain.url);
      await proxy.called('eth_blockNumber', seen + 6);
      expect(await dumpTables(fork.databaseUrl)).toEqual(before);
    }
    await fork.scene.pay(3n);
    await follower.caughtUp();
    await follower.stop();
    await expectFresh(fork);
  });
});
