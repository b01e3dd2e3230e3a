import type { Address } from '../../address.js';
import { isProven, tokensOf } from './blockOperations.js';
import { orderedOperations } from './operations.js';
import { concerns, tokenRecords } from './records.js';
import type { SourceBlock } from './source.js';
import type { TransactionRecord } from './tree/frames.js';

/**
 * The transactions of a block whose operations of a token only a call tree puts in order.
 *
 * @param sharing those of the tokens that share ERC-20 assets too
 */
export function unplacedTransactions(
  block: SourceBlock,
  tokens: ReadonlySet<string>,
  sharing: ReadonlySet<string>,
): TransactionRecord[] {
  if (sharing.size === 0 && !mayBeUnplaced(block, tokens)) return [];
  return tokenRecords(block, tokens, sharing).filter(
    (record) =>
      (sharing.size > 0 || (record.frames.length > 0 && record.logs.length > 0)) &&
      [...tokensOf(record, tokens, sharing)].some((token) => isUnplaced(record, token, sharing)),
  );
}

/** Logs alone have their order, and so have frames alone. */
function mayBeUnplaced(block: SourceBlock, tokens: ReadonlySet<string>): boolean {
  const withFrames = new Set<number>();
  for (const trace of block.traces) {
    if (concerns(trace, tokens)) withFrames.add(trace.transactionIndex);
  }
  if (withFrames.size === 0) return false;
  return block.logs.some(
    ({ address, transactionIndex }) => tokens.has(address) && withFrames.has(transactionIndex),
  );
}

function isUnplaced(
  record: TransactionRecord,
  token: Address,
  sharing: ReadonlySet<string>,
): boolean {
  try {
    return !isProven(orderedOperations(record, token, sharing.has(token)));
  } catch {
    // Booking it says what is wrong.
    return false;
  }
}
