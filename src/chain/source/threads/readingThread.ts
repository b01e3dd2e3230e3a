import { parentPort, workerData } from 'node:worker_threads';
import { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import { withChecks } from '../../rpc/blocks/checkedRpc.js';
import { PoolConnection } from '../../rpc/connection/poolConnection.js';
import { PooledClient } from '../../rpc/connection/pooledClient.js';
import { type PartToRead, prepareBlocks } from '../preparedBlocks.js';
import { type PackedPart, PartPacker } from './packedPart.js';

/** What a thread knows of its chain. */
export interface ThreadTask {
  readonly urls: readonly string[];
  readonly chainId: number;
  readonly capacity: number;
  readonly requestTimeoutMs: number;
  readonly traceTimeoutSeconds: number;
  readonly framesByTransaction: boolean;
}

/** What it is asked. */
export interface ThreadQuestion {
  readonly id: number;
  readonly range: PartToRead['range'];
  readonly keeps: boolean;
  /** Of what was asked before. */
  readonly requestId: number;
  /** Only where it was not asked before. */
  readonly request?: PartToRead['request'];
}

/** What it answers, in any order. */
export type ThreadAnswer =
  | {
      readonly id: number;
      readonly part: PackedPart;
      /** Of the endpoints that sent the frames. */
      readonly sources: readonly number[];
    }
  | { readonly id: number; readonly failure: string }
  | { readonly warning: string };

// What it reads is for one run, and it ends with it.
const { urls, chainId, capacity, requestTimeoutMs, ...task } = workerData as ThreadTask;
const answer = (message: ThreadAnswer) => parentPort?.postMessage(message);
const onWarning = (warning: string) => answer({ warning });
const pool = new PoolConnection({ urls, chainId, onWarning });
const retryAttempts = Number.MAX_SAFE_INTEGER;
const client = new PooledClient(pool, { capacity, requestTimeoutMs, retryAttempts });
client.framesByTransaction = task.framesByTransaction;
const { traceTimeoutSeconds } = task;
const rpc = withChecks(new Rpc(client), { client, onWarning, chainId, traceTimeoutSeconds });
const packer = new PartPacker();
const requests = new Map<number, PartToRead['request']>();

parentPort?.on('message', async ({ id, range, keeps, requestId, request }: ThreadQuestion) => {
  // The same object each time: filters are made once for it.
  if (request !== undefined) requests.set(requestId, request);
  const known = requests.get(requestId);
  if (known === undefined) return answer({ id, failure: `request ${requestId} is unknown` });
  try {
    const blocks = await prepareBlocks(rpc, { range, keeps, request: known });
    answer({ id, part: packer.pack(blocks), sources: pool.sourcesOf(range) });
  } catch (error) {
    answer({ id, failure: error instanceof Error ? error.message : String(error) });
  }
});
