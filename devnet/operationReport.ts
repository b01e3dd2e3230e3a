// SPDX-License-Identifier: GPL-3.0-or-later
import type { TransactionReceipt } from './chain.js';
import type { OperationKind, PlannedOperation } from './operationPlan.js';
import type { UntracedMoney, World } from './world.js';

/** Transactions of a kind. Inner calls of a successful one may have failed. */
export interface OperationCount {
  succeeded: number;
  reverted: number;
}

/** What a run did. */
export interface OperationReport {
  operations: number;
  transactions: OperationCount;
  byKind: Partial<Record<OperationKind, OperationCount>>;
  /** Per token address: all addresses that ever held it, lower case. */
  holders: Record<string, string[]>;
  untraced: UntracedMoney[];
  firstBlock: number;
  lastBlock: number;
}

/** Adds the outcome of each transaction. @throws Error when not all of them were mined */
export function countReceipts(
  byKind: OperationReport['byKind'],
  planned: readonly PlannedOperation[],
  receipts: readonly TransactionReceipt[],
): void {
  const kinds = planned.flatMap(({ kind, transactions }) => transactions.map(() => kind));
  if (kinds.length !== receipts.length) {
    throw new Error(`${kinds.length} transactions were sent, ${receipts.length} were mined`);
  }
  kinds.forEach((kind, index) => {
    const succeeded = receipts[index]?.status === '0x1';
    tally(byKind, kind)[succeeded ? 'succeeded' : 'reverted'] += 1;
  });
}

/** The count of this kind, to be added to. */
export function tally(byKind: OperationReport['byKind'], kind: OperationKind): OperationCount {
  const known = byKind[kind] ?? { succeeded: 0, reverted: 0 };
  byKind[kind] = known;
  return known;
}

/** The report of a run that began with this block. */
export async function report(
  world: World,
  operations: number,
  byKind: OperationReport['byKind'],
  firstBlock: number,
): Promise<OperationReport> {
  const transactions = { succeeded: 0, reverted: 0 };
  for (const { succeeded, reverted } of Object.values(byKind)) {
    transactions.succeeded += succeeded;
    transactions.reverted += reverted;
  }
  const addresses = world.tokens.map(({ contract }) => contract.address);
  const holders = Object.fromEntries(addresses.map((token) => [token, world.book.everHeld(token)]));
  const lastBlock = Number(await world.chain.rpc.call<string>('eth_blockNumber'));
  const { untraced } = world;
  return { operations, transactions, byKind, holders, untraced, firstBlock, lastBlock };
}
