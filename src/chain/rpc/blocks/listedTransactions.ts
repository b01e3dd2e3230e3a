import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import { z } from 'zod';
import { framelessRule, type ListedTransaction } from '../../networks.js';
import type { PooledClient } from '../connection/pooledClient.js';

const text = z
  .string()
  .regex(/^0x[0-9a-fA-F]*$/)
  .transform((hex) => hex.toLowerCase());
const amount = z
  .string()
  .regex(/^0x[0-9a-fA-F]+$/)
  .transform(BigInt);
const listed = z.looseObject({
  hash: text,
  type: amount.default(0n),
  from: text,
  to: text.nullish(),
  gas: amount,
  gasPrice: amount.nullish(),
});
const wholeBlock = z.looseObject({ miner: text.default('0x'), transactions: z.array(listed) });

/**
 * The transactions, of some in a block, that must have call frames. It asks the node for them,
 * because the processor does not read transactions.
 */
export async function withFrames(
  client: PooledClient,
  chainId: number,
  block: Block,
  hashes: readonly string[],
): Promise<string[]> {
  if (hashes.length === 0) return [];
  const answer: unknown = await client.call('eth_getBlockByHash', [block.hash, true]);
  const parsed = wholeBlock.safeParse(answer);
  // What is not known to be exempt is not exempt.
  if (!parsed.success) return [...hashes];
  const { miner, transactions } = parsed.data;
  const known = new Map(transactions.map((transaction) => [transaction.hash, transaction]));
  return hashes.filter((hash) => {
    const transaction = known.get(hash.toLowerCase());
    return (
      transaction === undefined || framelessRule(chainId, asListed(transaction), miner) === null
    );
  });
}

function asListed({
  hash,
  type,
  from,
  to,
  gas,
  gasPrice,
}: z.infer<typeof listed>): ListedTransaction {
  return { hash, type: Number(type), from, to: to ?? null, gas, gasPriceWei: gasPrice ?? -1n };
}
