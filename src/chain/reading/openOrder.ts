import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { ChainNode } from '../node.js';

/** A transaction whose operations have more than one possible order. */
export interface OpenOrder {
  /** Where its operations are in the list of the block. */
  readonly start: number;
  readonly count: number;
  /** Orders other than that of the list, as indices from `start`. */
  readonly alternatives: readonly (readonly number[])[];
  readonly transactionHash: string;
  /** What was asked about the order, and what was missing in the answer. */
  readonly asked: readonly string[];
}

/** How many orders of a block are tried at most. */
export const MOST_ORDERS = 500;

/**
 * Every order that the operations of a block can have.
 *
 * @returns `null` if there are too many
 */
export function ordersOf<T>(operations: readonly T[], open: readonly OpenOrder[]): T[][] | null {
  let orders: T[][] = [[...operations]];
  for (const { start, count, alternatives } of open) {
    if (orders.length * (alternatives.length + 1) > MOST_ORDERS) return null;
    orders = orders.flatMap((order) => {
      const own = operations.slice(start, start + count);
      const others = alternatives.map((indices) => {
        const moved = indices.flatMap((index) => own[index] ?? []);
        return [...order.slice(0, start), ...moved, ...order.slice(start + count)];
      });
      return [order, ...others];
    });
  }
  return orders;
}

/** What is wrong with the order of a transaction. */
export interface UnprovenTransaction {
  readonly transactionHash: string;
  readonly asked: readonly string[];
  readonly reason: string;
}

export function unprovenOrder(
  node: ChainNode,
  token: Address,
  block: number,
  transactions: readonly UnprovenTransaction[],
): ImoError {
  const details = transactions.map(({ transactionHash, asked, reason }) => {
    const questions = [...new Set(asked)].join('; ');
    return `transaction ${transactionHash}: ${reason}${questions === '' ? '' : ` (${questions})`}`;
  });
  return new ImoError(
    'CHAIN_ORDER_UNPROVEN',
    `${checksummed(token)}, block ${block}: the order of its operations is not proven. ` +
      `${details.join('. ')}. Asked: ${node.displayUrl}`,
    'Add an endpoint whose debug_traceBlockByHash with callTracer and withLog gives the `position` ' +
      'of logs (Geth 1.13.5 or newer, or a Reth or Erigon of 2025 or newer).',
  );
}
