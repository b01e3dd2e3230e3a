import type { Address } from '../../../address.js';
import type { BookedOperation } from './tokenBook.js';

/** What the operations of a block did to the token's money in one asset, `null` for ETH. */
export function netMovementWei(
  operations: readonly BookedOperation[],
  asset: Address | null,
): bigint {
  return operations.reduce((net, operation) => net + movementOf(operation, asset), 0n);
}

/** The same of one operation. */
export function movementOf(operation: BookedOperation, asset: Address | null): bigint {
  switch (operation.kind) {
    case 'receipt':
    case 'untraced':
      return operation.asset === asset ? operation.amountWei : 0n;
    case 'claim':
    case 'redemption':
      if (asset === null) {
        return operation.kind === 'claim' ? -operation.amountWei : -operation.paidWei;
      }
      return -(operation.paidInAssets.find((paid) => paid.asset === asset)?.amount ?? 0n);
    case 'asset-outflow':
      return operation.asset === asset ? -operation.amount : 0n;
    default:
      return 0n;
  }
}
