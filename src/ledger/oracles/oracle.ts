import { LedgerError } from '../errors.js';

/** What a model's fees are paid in: `native`, or the address of an ERC-20. */
export type Asset = string;

export const NATIVE: Asset = 'native';

/** The terms of a model that are in force (docs/domain.md#ai-oracles). */
export interface ModelTerms {
  /** Whether the oracle serves it: uploaded and not removed since. */
  readonly exists: boolean;
  /** For one inference, in the smallest unit of the asset. */
  readonly fee: bigint;
  /** Who is paid the model's part of the fees. */
  readonly receiver: string;
  /** The model's part of the fees, 0..100. */
  readonly receiverPercentage: bigint;
  readonly asset: Asset;
}

/** What a model brought in one asset since the start of indexing. */
export interface AssetTotals {
  readonly requests: bigint;
  /** Fees charged: the receiver's part and the protocol's. */
  readonly fees: bigint;
  readonly receiverPart: bigint;
  readonly protocolPart: bigint;
  /** Paid to the receivers of the time. */
  readonly paidOut: bigint;
}

export interface ModelState {
  readonly terms: ModelTerms;
  /** `accumulateRevenue`: owed to the receiver and not yet paid. */
  readonly accrued: bigint;
  readonly totals: ReadonlyMap<Asset, AssetTotals>;
}

/** A change of a model's terms; what is absent stays as it was. */
export type TermsOfModelChange =
  | ({ readonly kind: 'upload' | 'update' } & UploadedTerms)
  | { readonly kind: 'fee'; readonly fee: bigint }
  | { readonly kind: 'receiver'; readonly receiver: string }
  | { readonly kind: 'percentage'; readonly receiverPercentage: bigint }
  | { readonly kind: 'removal' };

interface UploadedTerms {
  readonly fee: bigint;
  readonly receiver: string;
  readonly receiverPercentage: bigint;
  /** `null` in the versions that know no tokens: the asset stays. */
  readonly asset: Asset | null;
}

/** What a request cost, in the model's asset. */
export interface RequestCharge {
  readonly asset: Asset;
  readonly fee: bigint;
  readonly receiverPart: bigint;
  readonly protocolPart: bigint;
}

const ZERO_ADDRESS = `0x${'0'.repeat(40)}`;

/** A model that was never uploaded. */
export const UNKNOWN_MODEL: ModelState = {
  terms: {
    exists: false,
    fee: 0n,
    receiver: ZERO_ADDRESS,
    receiverPercentage: 0n,
    asset: NATIVE,
  },
  accrued: 0n,
  totals: new Map(),
};

/**
 * A model of an oracle with one flat fee: nobody uploads it there and nobody is paid for it, so
 * that the whole fee is the protocol's.
 */
export function flatModel(fee: bigint): ModelState {
  return { ...UNKNOWN_MODEL, terms: { ...UNKNOWN_MODEL.terms, exists: true, fee } };
}

const NO_TOTALS: AssetTotals = {
  requests: 0n,
  fees: 0n,
  receiverPart: 0n,
  protocolPart: 0n,
  paidOut: 0n,
};

/**
 * Changes the terms. The accrued number stays, whatever becomes of receiver or asset
 * (docs/domain.md#ai-oracles), and also over a removal that paid nothing.
 *
 * @throws LedgerError `LEDGER_MODEL_EXISTENCE` for an upload of a model that is there, or any
 *   other change of one that is not.
 */
export function applyModelTerms(state: ModelState, change: TermsOfModelChange): ModelState {
  const { terms } = state;
  if ((change.kind === 'upload') === terms.exists) throw existence(change.kind, terms.exists);
  return { ...state, terms: changed(terms, change) };
}

function changed(terms: ModelTerms, change: TermsOfModelChange): ModelTerms {
  switch (change.kind) {
    case 'upload':
    case 'update': {
      const { fee, receiver, receiverPercentage, asset } = change;
      return { exists: true, fee, receiver, receiverPercentage, asset: asset ?? terms.asset };
    }
    case 'fee':
      return { ...terms, fee: change.fee };
    case 'receiver':
      return { ...terms, receiver: change.receiver };
    case 'percentage':
      return { ...terms, receiverPercentage: change.receiverPercentage };
    case 'removal':
      return { ...terms, exists: false };
  }
}

/**
 * Charges a request of `batchSize` inferences: `batchSize*fee` in all, of which
 * `batchSize*fee*receiverPercentage // 100` accrues to the receiver (docs/domain.md#ai-oracles).
 *
 * @throws LedgerError `LEDGER_MODEL_EXISTENCE` if there is no such model.
 */
export function chargeRequest(
  state: ModelState,
  batchSize: bigint,
): { state: ModelState; charge: RequestCharge } {
  const { exists, fee: feeOfOne, receiverPercentage, asset } = state.terms;
  if (!exists) throw existence('request', exists);
  const fee = batchSize * feeOfOne;
  const receiverPart = (fee * receiverPercentage) / 100n;
  const charge = { asset, fee, receiverPart, protocolPart: fee - receiverPart };
  const before = state.totals.get(asset) ?? NO_TOTALS;
  const totals = new Map(state.totals).set(asset, {
    ...before,
    requests: before.requests + 1n,
    fees: before.fees + fee,
    receiverPart: before.receiverPart + charge.receiverPart,
    protocolPart: before.protocolPart + charge.protocolPart,
  });
  return { state: { ...state, accrued: state.accrued + receiverPart, totals }, charge };
}

/** What a request paid, as seen in its call frames. */
export interface RequestPayment {
  /** Wei sent with the call. */
  readonly valueWei: bigint;
  /** Pulled from the caller in an ERC-20. */
  readonly pulled: { readonly asset: Asset; readonly amount: bigint } | null;
  /** `gasPrice*gasLimit` in wei; `null` where the gas price of that moment is not known. */
  readonly gasPartWei: bigint | null;
}

/**
 * What a request paid beyond fee and gas, in wei; `null` while the gas part is not known.
 *
 * @throws LedgerError `LEDGER_PAYMENT_DIFFERS` if it paid less than it was charged, or
 *   another amount or asset than the fee was pulled.
 */
export function overpaymentWei(charge: RequestCharge, payment: RequestPayment): bigint | null {
  const { valueWei, pulled, gasPartWei } = payment;
  const isNative = charge.asset === NATIVE;
  const rightlyPulled =
    pulled === null
      ? isNative || charge.fee === 0n
      : pulled.asset === charge.asset && pulled.amount === charge.fee;
  const restWei = valueWei - (isNative ? charge.fee : 0n) - (gasPartWei ?? 0n);
  if (!rightlyPulled || restWei < 0n) {
    const paid = pulled === null ? '' : ` and ${pulled.amount} of ${pulled.asset}`;
    throw new LedgerError(
      'LEDGER_PAYMENT_DIFFERS',
      `a request should pay ${charge.fee} (${charge.asset}) and ${gasPartWei ?? 0n} wei for gas, but brought ${valueWei} wei${paid}`,
      'A change of the terms was missed, or this is not an AI oracle: remove it from the config.',
    );
  }
  return gasPartWei === null ? null : restWei;
}

/**
 * The accrued revenue was paid out: always the whole of it.
 *
 * @throws LedgerError `LEDGER_PAYMENT_DIFFERS` if another amount, asset or receiver was paid
 *   than the books owe, `LEDGER_MODEL_EXISTENCE` if there is no such model.
 */
export function payOut(
  state: ModelState,
  payment: { readonly asset: Asset; readonly receiver: string; readonly amount: bigint },
): ModelState {
  const { terms, accrued } = state;
  if (!terms.exists) throw existence('payout', terms.exists);
  const { asset, receiver, amount } = payment;
  if (amount !== accrued || asset !== terms.asset || receiver !== terms.receiver) {
    throw new LedgerError(
      'LEDGER_PAYMENT_DIFFERS',
      `a payout of ${amount} (${asset}) to ${receiver} should be ${accrued} (${terms.asset}) to ${terms.receiver}`,
      'A request or a change of the terms was missed, or this is not an AI oracle: remove it from the config.',
    );
  }
  const before = state.totals.get(asset) ?? NO_TOTALS;
  const totals = new Map(state.totals).set(asset, { ...before, paidOut: before.paidOut + amount });
  return { ...state, accrued: 0n, totals };
}

function existence(operation: string, exists: boolean): LedgerError {
  return new LedgerError(
    'LEDGER_MODEL_EXISTENCE',
    `the operation "${operation}" with a model that ${exists ? 'is there already' : 'is not there'}`,
    'An earlier upload or removal was missed, or this is not an AI oracle: remove it from the config.',
  );
}
