import { functions } from '../../abi/erc20.js';
import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import { type Asset, NATIVE } from '../../ledger/oracles/oracle.js';
import { type Frame, selectorOf, type TransactionRecord } from '../reading/tree/frames.js';

/** Revenue that a call of the oracle paid out. */
export interface Payment {
  readonly asset: Asset;
  readonly receiver: Address;
  readonly amount: bigint;
}

/** A fee that a request pulled in a token, and the frame that did it. */
export interface Pull {
  readonly frame: Frame;
  readonly asset: Asset;
  readonly amount: bigint;
}

/**
 * The one payment that a call of `claimModelRevenue` or `removeModel` made: ETH, or a
 * `transfer` of a token; `null` if it made none.
 *
 * @throws ImoError `CHAIN_UNCLEAR_PAYOUT` if it made several.
 */
export function payoutOf(record: TransactionRecord, oracle: Address, call: Frame): Payment | null {
  const payments = callsMadeBy(record, oracle, call).flatMap((frame) => paymentOf(frame) ?? []);
  const [payment, ...more] = payments;
  if (more.length > 0) {
    throw new ImoError(
      'CHAIN_UNCLEAR_PAYOUT',
      `oracle ${oracle} made ${payments.length} payments in one payout in transaction ${record.transactionHash}`,
      'This contract is not an AI oracle of a supported kind; remove it from the config.',
    );
  }
  return payment ?? null;
}

/** The `transferFrom` by which a request took its fee in a token; `null` if it took none. */
export function pullOf(record: TransactionRecord, oracle: Address, call: Frame): Pull | null {
  for (const frame of callsMadeBy(record, oracle, call)) {
    if (selectorOf(frame.input) !== functions.transferFrom.selector || frame.to === null) continue;
    const { amount } = functions.transferFrom.decode(frame.input);
    return { frame, asset: frame.to, amount };
  }
  return null;
}

function paymentOf({ to, valueWei, input }: Frame): Payment | null {
  if (to === null) return null;
  if (valueWei > 0n) return { asset: NATIVE, receiver: to, amount: valueWei };
  if (selectorOf(input) !== functions.transfer.selector) return null;
  const { to: receiver, amount } = functions.transfer.decode(input);
  return { asset: to, receiver: receiver as Address, amount };
}

/** The CALLs that a function of the oracle made itself, also behind a proxy. */
function callsMadeBy(record: TransactionRecord, oracle: Address, call: Frame): Frame[] {
  return record.frames.filter((frame) => {
    if (frame.reverted || !frame.isCall || frame.from !== oracle) return false;
    let caller = frame.parent;
    while (caller !== null && caller !== call && caller.isDelegateCall) caller = caller.parent;
    return caller === call;
  });
}
