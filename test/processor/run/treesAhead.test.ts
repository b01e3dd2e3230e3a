import { beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../../../bench/node/generate.js';
import { GeneratingNode } from '../../../bench/node/server.js';
import { CHAIN_ID, DEFAULT_SPEC } from '../../../bench/node/spec.js';
import type { Chain } from '../../../devnet/anvil.js';
import { RpcClient } from '../../../devnet/rpc.js';
import { proveFinalBlocks } from '../../../src/processor/run/proofs.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { atEndOfFile } from '../../support/endOfFile.js';
import type { Fault, FaultyProxy } from '../../support/nodes/faultyProxy.js';
import { faultyProxy, proxyWithout } from '../../support/nodes/rpcProxy.js';
import { indexTo } from '../../support/programs/indexer.js';

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
  await proveFinalBlocks(databaseUrl, CHAIN_ID, new AbortController().signal);
  const rows = await query<{ hash: string }>(
    databaseUrl,
    `SELECT encode(hash, 'hex') AS hash FROM ledger_hash ORDER BY id DESC LIMIT 1`,
  );
  return { hash: rows[0]?.hash, warnings: warnings.filter((line) => !line.includes('by filter')) };
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
