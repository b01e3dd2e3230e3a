import type { FlatFeeChange, GasPriceCall, OracleOperation } from '../../chain/oracle/operation.js';
import { ImoError } from '../../errors.js';

/**
 * Puts the changes of a flat fee that a function made that is not known among the operations of a
 * block. Such a call may set any fee. What it set is proven by `fee()` at the end of the block, as long
 * as nothing after it may have changed the fee again.
 *
 * @param before wei for a request at the start of the block
 * @param after the same at its end, as the oracle says
 * @throws ImoError `ORACLE_FEE_UNKNOWN` if a request was charged a fee that nothing proves
 */
export function withUnknownFees(
  operations: readonly OracleOperation[],
  before: bigint,
  after: bigint,
): OracleOperation[] {
  const last = operations.findLastIndex(
    (operation) => operation.kind === 'flatFee' || isUnknownCall(operation),
  );
  const found: OracleOperation[] = [];
  // `null`: nobody knows it.
  let fee: bigint | null = before;
  let booked = before;
  let running = 0;
  for (const [index, operation] of operations.entries()) {
    if (isUnknownCall(operation)) {
      running += operation.phase === 'entered' ? 1 : -1;
      fee = null;
    }
    if (operation.kind === 'flatFee') {
      fee = running === 0 ? operation.fee : null;
      booked = operation.fee;
    }
    if (operation.kind === 'request' && fee === null) {
      throw feeUnknown(operation.transactionHash);
    }
    found.push(operation);
    if (index === last && fee === null) {
      fee = after;
      if (booked !== after) found.push(feeChange(operation, after));
    }
  }
  return found;
}

/** A call of a function that the books do not follow. */
export function isUnknownCall(operation: OracleOperation): operation is GasPriceCall {
  return operation.kind === 'gasPriceCall' && operation.isUnknown;
}

function feeChange(
  { transactionHash, transactionIndex }: OracleOperation,
  fee: bigint,
): FlatFeeChange {
  return { kind: 'flatFee', fee, transactionHash, transactionIndex };
}

function feeUnknown(transactionHash: string): ImoError {
  return new ImoError(
    'ORACLE_FEE_UNKNOWN',
    `the fee of the request in transaction ${transactionHash} is not proven: functions that are not ` +
      'known were called before and after it in the same block, or around it',
    'Report the functions of the oracle that change its fee, with its address.',
  );
}
