import { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import type { Block, DataRequest } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import { keccak256 } from 'ethers';
import { onTestFinished } from 'vitest';
import { withChecks } from '../../../src/chain/rpc/blocks/checkedRpc.js';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import type { Dialect } from './oddNode.js';
import { oddNode } from './testNode.js';

/** What a node answers about one block, as it comes over the wire. */
export interface NodeBlock {
  readonly chainId: number;
  /** With whole transactions. */
  readonly block: { readonly number: string; readonly hash: string } & Record<string, unknown>;
  readonly logs: readonly Record<string, unknown>[];
  /** `trace_block`; left out: the node does not have the method. */
  readonly traces?: readonly Record<string, unknown>[];
  /** `debug_traceBlockByHash` with `callTracer`. */
  readonly calls?: readonly Record<string, unknown>[];
  readonly receipts?: readonly Record<string, unknown>[];
}

const MISSING = { error: { code: -32601, message: 'the method does not exist/is not available' } };

/** A node that knows one block. */
function nodeOf({ chainId, block, logs, traces, calls, receipts }: NodeBlock): Dialect {
  const transactions = block.transactions as { hash: string }[];
  const withHashes = { ...block, transactions: transactions.map(({ hash }) => hash) };
  const isOf = (hash: unknown) => (entry: object) =>
    Object.entries(entry).some(
      ([key, value]) => /^(transactionHash|txHash)$/.test(key) && value === hash,
    );
  return async ({ method, params: [first, second] }) => {
    switch (method) {
      case 'eth_chainId':
        return { result: `0x${chainId.toString(16)}` };
      case 'eth_getBlockByNumber':
      case 'eth_getBlockByHash':
        if (first !== block.number && first !== block.hash) return { result: genesisOf(block) };
        return { result: second === true ? block : withHashes };
      case 'eth_getLogs':
        return { result: logs };
      case 'trace_block':
        return traces === undefined ? MISSING : { result: traces };
      case 'debug_traceBlockByHash':
        return calls === undefined ? MISSING : { result: calls };
      case 'trace_transaction':
        return traces === undefined ? MISSING : { result: traces.filter(isOf(first)) };
      case 'debug_traceTransaction': {
        const found = calls?.find(isOf(first));
        return calls === undefined ? MISSING : { result: found?.result ?? null };
      }
      case 'eth_getTransactionReceipt':
        return { result: receipts?.find(isOf(first)) ?? null };
      default:
        return MISSING;
    }
  };
}

function genesisOf(block: Record<string, unknown>) {
  return { ...block, number: '0x0', hash: `0x${'00'.repeat(32)}`, transactions: [] };
}

/** Reads the block as the processor does, with all checks. */
export async function readNodeBlock(
  recorded: NodeBlock,
  request: DataRequest & { dataRequest?: object } = {},
  options: { dialects?: Dialect[]; warnings?: string[]; readings?: number } = {},
): Promise<Block> {
  const { dialects = [], warnings = [], readings = 1 } = options;
  const node = await oddNode('', ...dialects, nodeOf(recorded));
  const { chainId } = recorded;
  const pool = new PoolConnection({ urls: [node.url], chainId });
  const client = new PooledClient(pool, {
    capacity: 5,
    requestTimeoutMs: 60_000,
    retryAttempts: 3,
  });
  onTestFinished(() => {
    client.close();
    pool.close();
  });
  const onWarning = (line: string) => warnings.push(line);
  const rpc = withChecks(new Rpc(client), { client, onWarning, chainId });
  const preferTraceApi = recorded.traces !== undefined;
  const wanted = { logs: true, traces: true, preferTraceApi, ...request };
  for (let reading = 1; reading < readings; reading++) {
    await rpc.getColdBlock(recorded.block.hash, wanted).catch(() => undefined);
  }
  return rpc.getColdBlock(recorded.block.hash, wanted);
}

/** The bloom filter of a header (Yellow Paper, 4.3.1), written apart from src/. */
export function bloomOf(
  logs: readonly { readonly address: string; readonly topics: readonly string[] }[],
): string {
  let bloom = 0n;
  for (const { address, topics } of logs) {
    for (const word of [address, ...topics]) {
      const hash = keccak256(word).slice(2);
      for (const at of [0, 4, 8])
        bloom |= 1n << BigInt(Number.parseInt(hash.slice(at, at + 4), 16) & 2047);
    }
  }
  return `0x${bloom.toString(16).padStart(512, '0')}`;
}
