import type { Address } from '../../address.js';
import type { Asset, TermsOfModelChange } from '../../ledger/oracles/oracle.js';

/** What a block did to one oracle, in the order in which it took effect. */
export type OracleOperation =
  | ModelTermsChange
  | FlatFeeChange
  | RevenuePayout
  | ModelRequest
  | ModelResult
  | GasPriceCall;

interface InTransaction {
  readonly transactionIndex: number;
  readonly transactionHash: string;
}

export interface ModelTermsChange extends InTransaction {
  readonly kind: 'terms';
  readonly modelId: bigint;
  readonly change: TermsOfModelChange;
}

/** The one fee for all models was set, in an oracle of the generation that has no others. */
export interface FlatFeeChange extends InTransaction {
  readonly kind: 'flatFee';
  /** For one request, in wei. */
  readonly fee: bigint;
}

/** The accrued revenue of a model went to its receiver. */
export interface RevenuePayout extends InTransaction {
  readonly kind: 'payout';
  readonly modelId: bigint;
  /** The function that paid: `claimModelRevenue` or `removeModel`. */
  readonly cause: 'claim' | 'removal';
  /** Who called it. */
  readonly caller: Address;
  readonly asset: Asset;
  readonly receiver: Address;
  readonly amount: bigint;
}

export interface ModelRequest extends InTransaction {
  readonly kind: 'request';
  readonly modelId: bigint;
  /** From the log: unverifiable requests can share it, even in one block. */
  readonly requestId: bigint;
  /** Who asked: `msg.sender` of the request. */
  readonly account: Address;
  /** Who signed the transaction. */
  readonly payer: Address;
  readonly batchSize: bigint;
  readonly callbackContract: Address;
  readonly gasLimit: bigint;
  readonly valueWei: bigint;
  /** The fee that the oracle pulled in an ERC-20. */
  readonly pulled: { readonly asset: Asset; readonly amount: bigint } | null;
}

/**
 * A call that can have changed the oracle's gas price was entered or left: a result sets it, an
 * unknown function may. In between and across them, nobody can tell what it was.
 */
export interface GasPriceCall extends InTransaction {
  readonly kind: 'gasPriceCall';
  readonly phase: 'entered' | 'left';
  /** The books do not follow the function: it may also set the fee of a flat oracle. */
  readonly isUnknown: boolean;
}

export interface ModelResult extends InTransaction {
  readonly kind: 'result';
  readonly requestId: bigint;
  /** Delivered by `updateResult`, after a challenge; `null`: by a function that we do not know. */
  readonly isUpdate: boolean | null;
  /** Who had asked; `null` where the log does not say. */
  readonly account: Address | null;
  /** Who delivered it; `null` where neither log nor call say. */
  readonly invoker: Address | null;
  /** As hex. */
  readonly output: string;
}
