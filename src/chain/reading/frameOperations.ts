import type { Address } from '../../address.js';
import { append } from '../../append.js';
import { ImoError } from '../../errors.js';
import {
  acceptanceOf,
  assetPaymentOf,
  balanceSeenBy,
  isAssetPayment,
  outflowOf,
} from './assets/assetFrames.js';
import type {
  AssetAccepted,
  AssetAmount,
  AssetOutflow,
  AssetSeen,
  Claim,
  Receipt,
  Redemption,
} from './operation.js';
import { originOf } from './origin.js';
import { burns, countsOnlyIfPaid, meaningOf, type PayingCallMeaning } from './payingCalls.js';
import { ADD_REVENUE_TOKEN, OPERATION_SELECTORS, SNAPSHOT } from './selectors.js';
import { type Frame, selectorOf, type TransactionRecord } from './tree/frames.js';

/** An operation with the number of the frame at which it takes effect. */
export interface FrameOperation {
  readonly frameIndex: number;
  /** A successful `snapshot()` frame is not an operation: its log is. */
  readonly operation:
    | Receipt
    | Claim
    | Redemption
    | AssetAccepted
    | AssetOutflow
    | AssetSeen
    | 'snapshot';
}

interface Payment {
  readonly frameIndex: number;
  readonly to: Address | null;
  readonly amountWei: bigint;
}

/** A call of a function that pays holders, with the payments that it made itself. */
interface PayingCall {
  readonly frameIndex: number;
  readonly selector: string;
  readonly input: string;
  readonly caller: Address;
  readonly payments: Payment[];
  /** By asset. */
  readonly assetPayments: Map<Address, bigint>;
}

/**
 * What the frames of a transaction did to `token`, in the order in which it took effect
 * (docs/domain.md#order): a receipt when its frame is entered, claim and burn before their
 * payment, each claim of a batch just before its own payment.
 *
 * @throws ImoError `CHAIN_UNEXPLAINED_PAYMENT` if ETH left the token by no known way.
 */
export function frameOperations(record: TransactionRecord, token: Address): FrameOperation[] {
  const operations: FrameOperation[] = [];
  const callsByFrame = new Map<Frame, PayingCall>();

  record.frames.forEach((frame, frameIndex) => {
    if (frame.reverted) return;
    if (isReceipt(frame, token)) {
      operations.push({ frameIndex, operation: receiptOf(record, frame) });
    }
    const selector = selectorOf(frame.input);
    if (OPERATION_SELECTORS.has(selector) && isOperationFrame(frame, token)) {
      const operation = unpaidOperation(record, frame, selector);
      if (operation !== null) operations.push({ frameIndex, operation });
      else callsByFrame.set(frame, payingCall(frame, frameIndex, selector));
    }
    const seen = balanceSeenBy(frame, token, record);
    if (seen !== null) {
      // Whatever calls it makes on the way, a burn takes effect with what it saw.
      const burn = burnAround(frame, callsByFrame);
      operations.push({ frameIndex: burn?.frameIndex ?? frameIndex, operation: seen });
    }
    const outflow = unclaimedAsset(record, frame, token, callsByFrame);
    if (outflow !== null) operations.push({ frameIndex, operation: outflow });
    if (isPayment(frame, token)) {
      const call = payingCallOf(frame, callsByFrame);
      if (call === null) throw unexplained(record, token, frame);
      call.payments.push({ frameIndex, to: frame.to, amountWei: frame.valueWei });
    }
  });

  for (const call of callsByFrame.values()) {
    append(operations, paidOperations(record, token, call));
  }
  return operations.sort((a, b) => a.frameIndex - b.frameIndex);
}

/** An operation that takes effect when its frame is entered; `null`: one that pays. */
function unpaidOperation(record: TransactionRecord, frame: Frame, selector: string) {
  if (selector === SNAPSHOT) return 'snapshot';
  return selector === ADD_REVENUE_TOKEN ? acceptanceOf(record, frame) : null;
}

function payingCall(frame: Frame, frameIndex: number, selector: string): PayingCall {
  const { input } = frame;
  const caller = senderOf(frame);
  return { frameIndex, selector, input, caller, payments: [], assetPayments: new Map() };
}

function isReceipt(frame: Frame, token: Address): boolean {
  return frame.to === token && frame.valueWei > 0n && frame.from !== token;
}

/** ETH that leaves the token. */
function isPayment(frame: Frame, token: Address): boolean {
  return frame.from === token && frame.isCall && frame.valueWei > 0n && frame.to !== token;
}

/** Adds a payment of an asset to the call that made it; without one, it is an outflow. */
function unclaimedAsset(
  record: TransactionRecord,
  frame: Frame,
  token: Address,
  calls: ReadonlyMap<Frame, PayingCall>,
) {
  if (!isAssetPayment(frame, token)) return null;
  const payment = assetPaymentOf(frame);
  const call = payingCallOf(frame, calls);
  if (call === null) return outflowOf(record, payment);
  const before = call.assetPayments.get(payment.asset) ?? 0n;
  call.assetPayments.set(payment.asset, before + payment.amount);
  return null;
}

/**
 * A frame that runs an operation of the token: a CALL to it, or a DELEGATECALL to itself
 * that is more than the forwarding of a proxy (a multicall).
 */
function isOperationFrame(frame: Frame, token: Address): boolean {
  if (frame.kind !== 'call') return false;
  if (frame.isCall) return frame.to === token;
  return frame.isDelegateCall && frame.from === token && frame.parent?.input !== frame.input;
}

/** `msg.sender` of the frame: the caller of the innermost CALL around it. */
function senderOf(frame: Frame): Address {
  let current = frame;
  while (current.isDelegateCall && current.parent !== null) current = current.parent;
  return current.from;
}

/** The call that made a payment: its parent, or what delegated to its parent. */
function payingCallOf(payment: Frame, calls: ReadonlyMap<Frame, PayingCall>): PayingCall | null {
  for (let frame = payment.parent; frame !== null; frame = frame.parent) {
    const call = calls.get(frame);
    if (call !== undefined) return call;
    if (!frame.isDelegateCall) return null;
  }
  return null;
}

/** The call of burn that a frame belongs to. */
function burnAround(frame: Frame, calls: ReadonlyMap<Frame, PayingCall>): PayingCall | null {
  const call = payingCallOf(frame, calls);
  return call !== null && burns(call.selector) ? call : null;
}

function receiptOf(record: TransactionRecord, frame: Frame): Receipt {
  const selector = frame.kind === 'call' ? selectorOf(frame.input) : '0x';
  return {
    kind: 'receipt',
    receiptKind: frame.kind,
    asset: null,
    payer: frame.from,
    amountWei: frame.valueWei,
    selector: selector === '0x' ? null : selector,
    origin: originOf(frame),
    transactionIndex: record.transactionIndex,
    transactionHash: record.transactionHash,
  };
}

function paidOperations(
  record: TransactionRecord,
  token: Address,
  call: PayingCall,
): FrameOperation[] {
  const isPaid = call.payments.length > 0 || call.assetPayments.size > 0;
  if (!isPaid && countsOnlyIfPaid(call.selector)) return [];
  const meaning = meaningOf(call.input);
  const holder = meaning.account ?? call.caller;
  if (meaning.does === 'claim') return claims(record, token, call, holder, meaning);
  const { transactionIndex, transactionHash } = record;
  const operation: Redemption = {
    kind: 'redemption',
    holder,
    burned: meaning.amount,
    paidWei: sumOf(call.payments),
    paidInAssets: assetsOf(call),
    transactionIndex,
    transactionHash,
  };
  return [{ frameIndex: call.frameIndex, operation }];
}

/**
 * One claim takes what all payments of its call sum up to: a fee may go to another account.
 * Several that were not paid one by one to one account are left in one sum.
 */
function claims(
  record: TransactionRecord,
  token: Address,
  call: PayingCall,
  holder: Address,
  { snapshotIds, isLoose }: Extract<PayingCallMeaning, { does: 'claim' }>,
): FrameOperation[] {
  const { payments, frameIndex } = call;
  const paidInAssets = assetsOf(call);
  const isPaid = payments.length > 0 || paidInAssets.length > 0;
  const [first, ...others] = snapshotIds === 'all' ? [] : snapshotIds;
  if (!isPaid && (first !== undefined || snapshotIds === 'all')) {
    throw withoutPayment(record, token, snapshotIds.length);
  }
  if (first === undefined && snapshotIds !== 'all') return [];
  const of = { ...record, holder };
  if (first !== undefined && others.length === 0) {
    const claim = claimOf(of, frameIndex, first, sumOf(payments), paidInAssets);
    const { operation } = claim;
    return [isLoose === true ? { frameIndex, operation: { ...operation, isLoose } } : claim];
  }
  const isOneByOne =
    paidInAssets.length === 0 &&
    payments.length === snapshotIds.length &&
    payments.every(({ to }) => to === payments[0]?.to);
  if (isOneByOne && snapshotIds !== 'all') {
    return payments.map((payment, index) =>
      claimOf(of, payment.frameIndex, snapshotIds[index] ?? 0n, payment.amountWei, []),
    );
  }
  if (paidInAssets.length + Math.min(payments.length, 1) > 1) throw ambiguousBatch(record, token);
  const { operation } = claimOf(of, frameIndex, first ?? 0n, sumOf(payments), paidInAssets);
  return [{ frameIndex, operation: { ...operation, sumOf: snapshotIds } }];
}

function sumOf(payments: readonly Payment[]): bigint {
  return payments.reduce((sum, payment) => sum + payment.amountWei, 0n);
}

function assetsOf({ assetPayments }: PayingCall): AssetAmount[] {
  return [...assetPayments].map(([asset, amount]) => ({ asset, amount }));
}

function claimOf(
  { transactionIndex, transactionHash, holder }: TransactionRecord & { readonly holder: Address },
  frameIndex: number,
  snapshotId: bigint,
  amountWei: bigint,
  paidInAssets: readonly AssetAmount[],
): { readonly frameIndex: number; readonly operation: Claim } {
  const what = { holder, snapshotId, amountWei, paidInAssets };
  return { frameIndex, operation: { kind: 'claim', ...what, transactionIndex, transactionHash } };
}

function withoutPayment(
  { transactionHash }: TransactionRecord,
  token: Address,
  snapshots: number | string,
): ImoError {
  return new ImoError(
    'CHAIN_CLAIM_WITHOUT_PAYMENT',
    `token ${token} paid nothing for the claim of ${snapshots} snapshots in transaction ${transactionHash}`,
    'This contract does not pay claims as ERC-7641 requires. Remove it from the config.',
  );
}

function ambiguousBatch(record: TransactionRecord, token: Address): ImoError {
  return new ImoError(
    'CHAIN_AMBIGUOUS_BATCH',
    `token ${token} paid a claimBatch in several assets in transaction ${record.transactionHash}`,
    'Nothing shows which payment belongs to which snapshot. Add a policy for the contract (CONTRIBUTING.md), or remove the token from the config.',
  );
}

function unexplained(record: TransactionRecord, token: Address, frame: Frame): ImoError {
  return new ImoError(
    'CHAIN_UNEXPLAINED_PAYMENT',
    `token ${token} paid ${frame.valueWei} wei to ${frame.to} in transaction ` +
      `${record.transactionHash}, but not by a claim or a burn`,
    'No revenue policy explains this payment; remove the token from the config.',
  );
}
