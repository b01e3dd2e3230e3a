import type { Address } from '../address.js';
import type { TransactionRecord } from '../chain/frames.js';
import type { ChainNode } from '../chain/node.js';
import type { Operation } from '../chain/operation.js';
import { orderedOperations } from '../chain/operations.js';
import { tokenRecords } from '../chain/records.js';
import type { SourceBlock } from '../chain/source.js';
import { topicAddress } from '../chain/topicAddress.js';
import { placedRecord } from './callTrees.js';
import { troubleOf } from './holding/contractTrouble.js';

/** The operations of one block by token, each list in execution order. */
export type BlockOperations = ReadonlyMap<Address, Operation[]>;

/**
 * Orders all that a block did to the tokens. The node is asked only where frames and
 * logs alone leave the order open; then once for the block, by its hash.
 *
 * @param sharing those of the tokens that share ERC-20 assets too
 */
export async function operationsOfBlock(
  node: ChainNode,
  block: SourceBlock,
  tokens: ReadonlySet<string>,
  sharing: ReadonlySet<string>,
): Promise<BlockOperations> {
  const operations = new Map<Address, Operation[]>();
  for (const record of tokenRecords(block, tokens, sharing)) {
    for (const token of tokensOf(record, tokens, sharing)) {
      let ordered: Operation[];
      try {
        // Only where the order is open is there something to wait for.
        ordered =
          orderedOperations(record, token, sharing.has(token)) ??
          (await orderByTree(node, block, record, token, sharing.has(token)));
      } catch (error) {
        throw troubleOf(error, { kind: 'token', address: token }, block.header.height);
      }
      const before = operations.get(token);
      if (before === undefined) operations.set(token, ordered);
      else before.push(...ordered);
    }
  }
  return operations;
}

/** What a transaction did to a token, in the order of the call tree. */
async function orderByTree(
  node: ChainNode,
  block: SourceBlock,
  record: TransactionRecord,
  token: Address,
  shares: boolean,
): Promise<Operation[]> {
  const placed = await placedRecord(node, block, record);
  return orderedOperations(placed, token, shares) ?? [];
}

/** The tokens that a transaction may concern. */
function tokensOf(
  record: TransactionRecord,
  tokens: ReadonlySet<string>,
  sharing: ReadonlySet<string>,
): Set<Address> {
  const found = new Set<Address>();
  const add = (address: string | null) => {
    if (address !== null && tokens.has(address)) found.add(address as Address);
  };
  for (const log of record.logs) {
    add(log.address);
    // An ERC-20 that came to the token.
    if (sharing.size > 0 && log.topics.length === 3) add(topicAddress(log.topics[2]));
  }
  for (const frame of record.frames) {
    add(frame.from);
    add(frame.to);
  }
  return found;
}
