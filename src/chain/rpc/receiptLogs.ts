import type { Block, Log } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import { z } from 'zod';
import { LogBloom } from './bloom.js';
import type { PooledClient } from './pooledClient.js';
import { readRawLogs } from './rawLogs.js';

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const receipt = z.object({
  blockHash: hex,
  logs: z.array(
    z.looseObject({
      blockNumber: hex,
      blockHash: hex,
      logIndex: hex,
      transactionIndex: hex,
      address: hex,
      topics: z.array(hex),
    }),
  ),
});
const transaction = z.union([hex, z.object({ hash: hex }).transform(({ hash }) => hash)]);

/**
 * The logs of a block by the receipts of all of its transactions; `null` if these are not to
 * be had, or do not account for the block's bloom filter either.
 */
export async function logsByReceipts(client: PooledClient, block: Block): Promise<Log[] | null> {
  const hashes = z.array(transaction).parse(block.block.transactions);
  const answers: unknown[] = await client
    .batchCall(hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })))
    // Without receipts the block stays refused, and is asked for again.
    .catch(() => []);
  const receipts = z.array(receipt).safeParse(answers);
  if (!receipts.success || receipts.data.length !== hashes.length) return null;
  if (receipts.data.some(({ blockHash }) => blockHash !== block.hash)) return null;
  const logs = receipts.data.flatMap((entry) => entry.logs);
  const bloom = new LogBloom();
  try {
    readRawLogs(logs, bloom);
  } catch {
    return null;
  }
  return bloom.compare(block.block.logsBloom).isShort ? null : logs;
}
