import { existsSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { toMappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { generate } from '../../../bench/node/generate.js';
import { GeneratingNode } from '../../../bench/node/server.js';
import { CHAIN_ID, DEFAULT_SPEC } from '../../../bench/node/spec.js';
import type { Chain } from '../../../devnet/anvil.js';
import { RpcClient } from '../../../devnet/rpc.js';
import { withChecks } from '../../../src/chain/rpc/blocks/checkedRpc.js';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import { prepareBlocks } from '../../../src/chain/source/preparedBlocks.js';
import { ReadingThreads } from '../../../src/chain/source/threads/readingThreads.js';
import { ImoError } from '../../../src/errors.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { runIndexer } from '../../../src/processor/run.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { compareRows } from '../../support/databases/sameRows.js';
import { atEndOfFile } from '../../support/endOfFile.js';
import type { Fault, FaultyProxy } from '../../support/nodes/faultyProxy.js';
import { faultyProxy, proxyWithout } from '../../support/nodes/rpcProxy.js';
import { compiled } from '../../support/programs/compiled.js';
import { chainConfig, indexTo } from '../../support/programs/indexer.js';

const { chain, tokens, offering, truth, lastBlock } = generate({
  ...DEFAULT_SPEC,
  ...{
    tokens: 1,
    operations: 240,
    holders: 10,
    transfersPerCall: 4,
    transactionsPerBlock: 12,
    gap: 2,
  },
  mix: {
    ...{ transfer: 30, receipt: 10, snapshot: 0, claim: 20, burn: 5 },
    ...{ request: 20, mint: 5, purchase: 0, settlement: 40 },
  },
});
const SETTLEMENTS = truth.made.settlement;
let url = '';

beforeAll(async () => {
  const served = await GeneratingNode.start(chain);
  atEndOfFile(() => served.stop());
  url = served.url;
});

interface Indexed {
  readonly hash: string | undefined;
  readonly warnings: readonly string[];
}

async function indexed(rpcUrl: string, finder: 'ranges' | 'blocks'): Promise<Indexed> {
  const databaseUrl = await freshDatabase();
  const node: Chain = { url: rpcUrl, chainId: CHAIN_ID, rpc: new RpcClient(rpcUrl) };
  const warnings: string[] = [];
  await indexTo(
    {
      ...{ chain: node, databaseUrl, tokens: tokens.map(({ address }) => address) },
      oracles: offering === null ? [] : [offering.oracle],
      more: { source: { finders: [finder], blocksAtLeast: 1 } },
      onWarning: (line) => warnings.push(line),
    },
    lastBlock,
  );
  const hash = await lastHash(databaseUrl);
  return { hash, warnings: warnings.filter((line) => !line.includes('by filter')) };
}

async function lastHash(databaseUrl: string): Promise<string | undefined> {
  await proveFinalBlocks(databaseUrl, CHAIN_ID, new AbortController().signal);
  const rows = await query<{ hash: string }>(
    databaseUrl,
    `SELECT encode(hash, 'hex') AS hash FROM ledger_hash ORDER BY id DESC LIMIT 1`,
  );
  return rows[0]?.hash;
}

const asked = (proxy: FaultyProxy) => [
  proxy.calls('debug_traceTransaction'),
  proxy.calls('debug_traceBlockByHash'),
];

describe('the indexer reads the call trees of final blocks ahead', () => {
  it('of the transactions alone that need one, and the books are those of trees of whole blocks', async () => {
    expect(SETTLEMENTS).toBeGreaterThan(5);
    const byBlock = await indexed(await proxyWithout(url, ['debug_traceTransaction']), 'ranges');
    const proxy = await faultyProxy(url);
    const byTransaction = await indexed(proxy.url, 'ranges');
    // At the start it is asked once whether the endpoint serves the method.
    expect(asked(proxy)).toEqual([SETTLEMENTS, 1]);
    expect(byTransaction).toEqual({ hash: byBlock.hash, warnings: [] });

    const dense = await faultyProxy(url);
    expect(await indexed(dense.url, 'blocks')).toEqual({ hash: byBlock.hash, warnings: [] });
    expect(asked(dense)).toEqual([SETTLEMENTS, 1]);
  });

  it('and where one does not come, or is of another fork, it reads that of the block, as without reading ahead', async () => {
    const right = await indexed(url, 'ranges');
    const proxy = await faultyProxy(url);
    const faults: Fault[] = [
      { kind: 'null' },
      { kind: 'wrongType' },
      { kind: 'error', message: 'transaction not found' },
      { kind: 'positionsMissing' },
      { kind: 'valuesChanged' },
    ];
    for (const fault of faults) proxy.inject({ ...fault, method: 'debug_traceTransaction' });
    proxy.inject({ kind: 'rateLimit', retryAfterSeconds: 0, method: 'debug_traceTransaction' });
    proxy.inject({ kind: 'hangup', method: 'debug_traceTransaction' });
    expect(await indexed(proxy.url, 'ranges')).toEqual(right);
    // The rate limit and the broken connection are repeated. Without positions, the place of a log in a frame
    // without calls is known too; each of the others costs a question for the block.
    expect(asked(proxy)).toEqual([SETTLEMENTS + 2, 1 + faults.length - 1]);
    expect(proxy.faults).toBe(faults.length + 2);
  });
});

describe('threads that read blocks', () => {
  /** Indexes the whole chain, block by block. */
  async function indexedBy(count: number, { rpcUrl = url, onStart = (_: Worker) => {} } = {}) {
    const databaseUrl = await freshDatabase();
    const node: Chain = { url: rpcUrl, chainId: CHAIN_ID, rpc: new RpcClient(rpcUrl) };
    const workers: Worker[] = [];
    const warnings: string[] = [];
    let parts = 0;
    const started = (worker: Worker) => {
      workers.push(worker);
      worker.on('message', (answer: object) => {
        if ('part' in answer) parts++;
      });
      onStart(worker);
    };
    process.on('worker', started);
    onTestFinished(() => void process.off('worker', started));
    const error = await runIndexer({
      chain: chainConfig({
        ...{ chain: node, databaseUrl, tokens: tokens.map(({ address }) => address) },
        oracles: offering === null ? [] : [offering.oracle],
        more: { source: { finders: ['blocks'] } },
      }),
      databaseUrl,
      toBlock: lastBlock,
      threads: { count, itemsBefore: 0 },
      onProgress: () => undefined,
      onWarning: (line) => warnings.push(line),
      signal: new AbortController().signal,
    }).then(
      () => null,
      (reason: unknown) => reason,
    );
    // -1: it has ended.
    const left = workers.filter(({ threadId }) => threadId !== -1).length;
    return { databaseUrl, error, warnings, parts, started: workers.length, left };
  }

  it('make the same rows and the same ledger hash, and end with the run', async () => {
    expect(existsSync(compiled('program/readingThread.js'))).toBe(true);
    const without = await indexedBy(0);
    expect(without).toMatchObject({ error: null, parts: 0, started: 0 });
    const by = await indexedBy(2);
    expect(by).toMatchObject({ error: null, warnings: [], started: 2, left: 0 });
    expect(by.parts).toBeGreaterThan(5);
    const { rows, differences } = await compareRows(by.databaseUrl, without.databaseUrl);
    expect(differences).toEqual([]);
    expect(rows).toBeGreaterThan(500);
    expect(await lastHash(by.databaseUrl)).toBe(await lastHash(without.databaseUrl));
  });

  it('leave what they cannot read to the main thread, whose error says what is wrong, why, and what to do', async () => {
    const proxy = await faultyProxy(url);
    const message = 'invalid API key';
    const method = 'eth_getBlockByNumber';
    const refused = { kind: 'error', message, method, times: Infinity } as const;
    proxy.inject({ ...refused, block: lastBlock });
    const pool = new PoolConnection({ urls: [proxy.url], chainId: CHAIN_ID });
    const limits = { capacity: 10, requestTimeoutMs: 30_000, retryAttempts: 4 };
    const client = new PooledClient(pool, limits);
    const threads = new ReadingThreads({
      ...{ count: 1, itemsBefore: 0, isDoubted: () => false, onSources: () => undefined },
      task: () => ({
        ...{ urls: [proxy.url], chainId: CHAIN_ID, ...limits },
        ...{ traceTimeoutSeconds: 20, framesByTransaction: false },
      }),
      onWarning: () => undefined,
    });
    onTestFinished(async () => {
      pool.close();
      await threads.close();
    });
    const request = toMappingRequest({ traces: [{ type: ['call'] }] });
    request.preferTraceApi = true;
    const rpc = withChecks(new Rpc(client), { client, onWarning: () => undefined });
    const read = (block: number) =>
      threads.read({ range: { from: block, to: block }, request, keeps: false }, (part) =>
        prepareBlocks(rpc, part),
      );
    expect(await read(lastBlock - 1)).toHaveLength(1);
    const failure = read(lastBlock);
    await expect(failure).rejects.toBeInstanceOf(ImoError);
    await expect(failure).rejects.toMatchObject({
      code: 'RPC_KEY_REFUSED',
      message: expect.stringMatching(/^http.* refuses the key, or wants one .*: invalid API key$/),
      hint: expect.stringContaining('Check the key'),
    });
    expect(proxy.faults, 'once in the thread, then here').toBe(2);
  });

  it('that end early leave their blocks to the main thread, with a warning', async () => {
    const without = await indexedBy(0);
    const by = await indexedBy(2, {
      onStart: (worker) => {
        worker.once('message', () => void worker.terminate());
      },
    });
    const warning = 'a thread that reads blocks has ended';
    expect(by).toMatchObject({ error: null, warnings: [warning, warning], started: 2, left: 0 });
    expect((await compareRows(by.databaseUrl, without.databaseUrl)).differences).toEqual([]);
  });
});
