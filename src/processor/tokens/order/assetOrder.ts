import { type Address, checksummed } from '../../../address.js';
import { append } from '../../../append.js';
import type { BlockHeader } from '../../../chain/node.js';
import type { UntracedReceipt } from '../../../chain/reading/untraced/untracedReceipt.js';
import { ImoError } from '../../../errors.js';
import { movementOf } from '../book/netMovement.js';
import type { BookedOperation, IndexedToken, TokenBook } from '../book/tokenBook.js';

/**
 * Puts what came of an asset before the token accepted it right behind the acceptance: from
 * there on it is new revenue.
 */
export function afterAcceptance(
  book: TokenBook,
  operations: readonly BookedOperation[],
): readonly BookedOperation[] {
  if (!operations.some((operation) => operation.kind === 'asset-accepted')) return operations;
  const ordered: BookedOperation[] = [];
  const early = new Map<Address, BookedOperation[]>();
  const accepted = new Set<Address>(book.assetBooks.flatMap(({ asset }) => asset ?? []));
  for (const operation of operations) {
    const asset = assetReceived(operation);
    if (asset !== null && !accepted.has(asset)) {
      early.set(asset, [...(early.get(asset) ?? []), operation]);
      continue;
    }
    ordered.push(operation);
    if (operation.kind === 'asset-accepted' && !accepted.has(operation.asset)) {
      accepted.add(operation.asset);
      append(ordered, early.get(operation.asset) ?? []);
    }
  }
  return ordered;
}

function assetReceived(operation: BookedOperation): Address | null {
  return operation.kind === 'receipt' || operation.kind === 'untraced' ? operation.asset : null;
}

/**
 * Puts money of an asset that came without a log where the token first saw it, before the
 * snapshot or burn that counted it. What it never saw in the block stays at the end.
 *
 * @param settled what the token held of the asset before the operations, by the books
 * @throws ImoError `CHAIN_BALANCE_TOO_LOW` if the token saw less than the books say
 */
export function whereSeen(
  token: IndexedToken,
  block: BlockHeader,
  operations: readonly BookedOperation[],
  asset: Address,
  settled: bigint,
): readonly BookedOperation[] {
  const ordered: BookedOperation[] = [];
  let held = settled;
  let seenEarly = 0n;
  for (const operation of operations) {
    if (operation.kind === 'asset-seen' && operation.asset === asset) {
      const amountWei = operation.amount - held;
      if (amountWei < 0n) throw sawLess(token, block, asset, held, operation);
      if (amountWei > 0n) ordered.push(unlogged(asset, amountWei));
      held += amountWei;
      seenEarly += amountWei;
      continue;
    }
    if (operation.kind !== 'untraced' || operation.asset !== asset || operation.when !== 'end') {
      held += movementOf(operation, asset);
      ordered.push(operation);
      continue;
    }
    const amountWei = operation.amountWei - seenEarly;
    if (amountWei < 0n) throw sawLess(token, block, asset, held, operation);
    if (amountWei > 0n) ordered.push({ ...operation, amountWei });
    seenEarly = 0n;
  }
  return ordered;
}

function unlogged(asset: Address, amountWei: bigint): UntracedReceipt {
  const noTransaction = { transactionIndex: null, transactionHash: null };
  return {
    kind: 'untraced',
    cause: 'unknown',
    asset,
    amountWei,
    when: 'start',
    ...noTransaction,
  };
}

function sawLess(
  { address }: IndexedToken,
  { number }: BlockHeader,
  asset: Address,
  held: bigint,
  { transactionHash }: BookedOperation,
): ImoError {
  return new ImoError(
    'CHAIN_BALANCE_TOO_LOW',
    `${checksummed(address)} saw less of ${checksummed(asset)} in block ${number}, transaction ` +
      `${transactionHash}, than the ${held} that the books say`,
    'The asset left the token in a way that no revenue policy explains; remove the token from the config.',
  );
}
