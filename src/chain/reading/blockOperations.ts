import type { Address } from '../../address.js';
import { append } from '../../append.js';
import type { ChainNode } from '../node.js';
import { type OpenOrder, unprovenOrder } from './openOrder.js';
import type { Operation, OrderedOperations } from './operation.js';
import { orderedOperations } from './operations.js';
import { tokenRecords } from './records.js';
import type { SourceBlock } from './source.js';
import { topicAddress } from './topicAddress.js';
import { bestRecord } from './tree/callTrees.js';
import type { TransactionRecord } from './tree/frames.js';

/** What a block did to the tokens. */
export interface BlockOperations {
  /** By token, each list in execution order as far as that is proven. */
  readonly operations: ReadonlyMap<Address, Operation[]>;
  /** By token: the transactions whose order only the amounts can prove. */
  readonly open: ReadonlyMap<Address, OpenOrder[]>;
}

/**
 * Orders all that a block did to the tokens. The node is asked only where frames and logs alone
 * leave open an order that figures depend on.
 *
 * @param sharing those of the tokens that share ERC-20 assets too
 * @param explain what to throw where the operations of one token cannot be read
 * @throws ImoError `CHAIN_ORDER_UNPROVEN` if a transaction has too many possible orders, and those of
 *   `bestRecord` and `orderedOperations`, each as `explain` returns it
 */
export async function operationsOfBlock(
  node: ChainNode,
  block: SourceBlock,
  tokens: ReadonlySet<string>,
  sharing: ReadonlySet<string>,
  explain: (error: unknown, token: Address) => unknown = (error) => error,
): Promise<BlockOperations> {
  const operations = new Map<Address, Operation[]>();
  const open = new Map<Address, OpenOrder[]>();
  for (const record of tokenRecords(block, tokens, sharing)) {
    for (const token of tokensOf(record, tokens, sharing)) {
      try {
        const before = operations.get(token) ?? [];
        operations.set(token, before);
        const known = orderedOperations(record, token, sharing.has(token));
        if (isProven(known)) {
          append(before, known.operations);
          continue;
        }
        const order = await askForOrder(node, block, record, token, sharing.has(token));
        if (order.alternatives.length > 0) {
          open.set(token, [...(open.get(token) ?? []), { ...order, start: before.length }]);
        }
        append(before, order.operations);
      } catch (error) {
        throw explain(error, token);
      }
    }
  }
  return { operations, open };
}

/** The order of a transaction by call trees, with the orders that they leave open. */
async function askForOrder(
  node: ChainNode,
  block: SourceBlock,
  record: TransactionRecord,
  token: Address,
  shares: boolean,
): Promise<Omit<OpenOrder, 'start'> & { readonly operations: readonly Operation[] }> {
  const { transactionHash } = record;
  const best = await bestRecord(node, block, record, (placed) =>
    isProven(orderedOperations(placed, token, shares)),
  );
  const { asked } = best;
  const ordered = orderedOperations(best.record, token, shares);
  if (ordered === null || ordered.alternatives === null) {
    const reason = ordered === null ? 'there is no call tree' : 'too many orders are possible';
    throw unprovenOrder(node, token, block.header.height, [{ transactionHash, asked, reason }]);
  }
  const { operations, alternatives } = ordered;
  return { operations, count: operations.length, alternatives, transactionHash, asked };
}

export function isProven(ordered: OrderedOperations | null): ordered is OrderedOperations {
  return ordered !== null && ordered.alternatives?.length === 0;
}

/** The tokens that a transaction may concern. */
export function tokensOf(
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
