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
  let state: FeeState = { fee: before, booked: before, running: 0 };
  for (const [index, operation] of operations.entries()) {
    state = afterOperation(state, operation);
    if (operation.kind === 'request' && state.fee === null) {
      throw feeUnknown(operation.transactionHash);
    }
    found.push(operation);
    if (index !== last || state.fee !== null) continue;
    if (state.booked !== after) found.push(feeChange(operation, after));
    state = { ...state, fee: after };
  }
  return found;
}

interface FeeState {
  /** `null`: nobody knows it. */
  readonly fee: bigint | null;
  /** By the last operation that says it. */
  readonly booked: bigint;
  /** Unknown calls that are entered and not left. */
  readonly running: number;
}

function afterOperation(state: FeeState, operation: OracleOperation): FeeState {
  if (isUnknownCall(operation)) {
    const step = operation.phase === 'entered' ? 1 : -1;
    return { ...state, fee: null, running: state.running + step };
  }
  if (operation.kind !== 'flatFee') return state;
  const { fee } = operation;
  return { ...state, fee: state.running === 0 ? fee : null, booked: fee };
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
