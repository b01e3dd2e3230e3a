import type { Block, Log } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import { z } from 'zod';
import type { Network } from '../../networks.js';
import type { PooledClient } from '../connection/pooledClient.js';
import { hasNoInformation, LogBloom } from './bloom.js';
import { readRawLogs } from './rawLogs.js';
import { readReceipts } from './receiptShape.js';
import { compareWithRoot } from './receiptsRoot.js';

const hex = z.string().regex(/^0x(?:[0-9a-fA-F]{2})*$/);
const transaction = z.union([hex, z.object({ hash: hex }).transform(({ hash }) => hash)]);
/** The library does not ask for it, but nodes send it with every block. */
const rooted = z.looseObject({ receiptsRoot: hex.optional() });

export interface LogsOfReceipts {
  readonly logs: Log[];
  /** The header commits to these receipts; else only its bloom filter agrees with them. */
  readonly isProven: boolean;
}

/**
 * The logs of a block by the receipts of all of its transactions; `null` if these are not to
 * be had, or contradict the bloom filter or the root of receipts in the block's header.
 */
export async function logsByReceipts(
  client: PooledClient,
  block: Block,
  network: Network | null = null,
): Promise<LogsOfReceipts | null> {
  const hashes = z.array(transaction).parse(block.block.transactions);
  const answers: unknown[] = await client
    .batchCall(hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })))
    // Without receipts the block stays refused, and the caller asks for it again.
    .catch(() => []);
  const receipts = readReceipts(answers);
  if (receipts === null || receipts.length !== hashes.length) return null;
  if (receipts.some(({ blockHash }) => blockHash !== block.hash)) return null;
  const logs = receipts.flatMap((entry) => entry.logs);
  const { receiptsRoot } = rooted.parse(block.block);
  const verdict =
    receiptsRoot === undefined ? 'unknown' : await compareWithRoot(receipts, receiptsRoot);
  if (verdict === 'different' || isShort(logs, block)) {
    client.distrust('eth_getTransactionReceipt');
    return null;
  }
  // Receipts are those of listed transactions; the chain's own ones may not be listed.
  const unlisted = network?.hidesTransactions ? unlistedLogs(block, new Set(hashes)) : [];
  return { logs: [...logs, ...unlisted], isProven: verdict === 'equal' };
}

function unlistedLogs({ logs = [] }: Block, listed: ReadonlySet<string>): Log[] {
  return logs.filter((log) => {
    const hash = 'transactionHash' in log ? log.transactionHash : null;
    return typeof hash === 'string' && !listed.has(hash);
  });
}

/** Whether the bloom filter of the block has more than these logs, or they cannot be read. */
function isShort(logs: readonly object[], { block: { logsBloom } }: Block): boolean {
  const bloom = new LogBloom();
  try {
    readRawLogs(logs, bloom);
  } catch (error) {
    if (error instanceof TypeError) return true;
    throw error;
  }
  return !hasNoInformation(logsBloom) && bloom.compare(logsBloom).isShort;
}
