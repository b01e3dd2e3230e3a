import { functions } from '../abi/erc7641.js';
import type { Address } from '../address.js';
import { ImoError } from '../errors.js';
import {
  acceptanceOf,
  assetPaymentOf,
  balanceSeenBy,
  isAssetPayment,
  outflowOf,
} from './assetFrames.js';
import { type Frame, selectorOf, type TransactionRecord } from './frames.js';
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
import {
  ADD_REVENUE_TOKEN,
  BURN,
  CLAIM,
  CLAIM_BATCH,
  OPERATION_SELECTORS,
  SNAPSHOT,
} from './selectors.js';

/** An operation with the number of the frame at which it takes effect. */
export interface FrameOperation {
  readonly frameIndex: number;
  /** A successful `snapshot()` frame is no operation of its own: its log is. */
  readonly operation:
    | Receipt
    | Claim
    | Redemption
    | AssetAccepted
    | AssetOutflow
    | AssetSeen
    | 'snapshot';
}

/** A call of claim, claimBatch or burn, with the payments that it made itself. */
interface PayingCall {
  readonly frameIndex: number;
  readonly selector: string;
  readonly input: string;
  readonly holder: Address;
  readonly payments: { readonly frameIndex: number; readonly amountWei: bigint }[];
  /** By asset. */
  readonly assetPayments: Map<Address, bigint>;
}

/**
 * What the frames of a transaction did to `token`, in the order in which it took effect
 * (DOMAIN.md 3): a receipt when its frame is entered, claim and burn before their
 * payment, each claim of a batch just before its own payment.
 *
 * @throws ImoError `CHAIN_UNEXPLAINED_PAYMENT` if ETH left the token by no known way.
 */
export function frameOperations(record: TransactionRecord, token: Address): FrameOperation[] {
  const operations: FrameOperation[] = [];
  const callsByFrame = new Map<Frame, PayingCall>();

  record.frames.forEach((frame, frameIndex) => {
    if (frame.reverted) return;
    if (frame.to === token && frame.valueWei > 0n && frame.from !== token) {
      operations.push({ frameIndex, operation: receiptOf(record, frame) });
    }
    const selector = selectorOf(frame.input);
    if (OPERATION_SELECTORS.has(selector) && isOperationFrame(frame, token)) {
      if (selector === SNAPSHOT) {
        operations.push({ frameIndex, operation: 'snapshot' });
      } else if (selector === ADD_REVENUE_TOKEN) {
        operations.push({ frameIndex, operation: acceptanceOf(record, frame) });
      } else {
        callsByFrame.set(frame, {
          frameIndex,
          selector,
          input: frame.input,
          holder: senderOf(frame),
          payments: [],
          assetPayments: new Map(),
        });
      }
    }
    const seen = balanceSeenBy(frame, token, record);
    if (seen !== null) {
      // Whatever calls it makes on the way, a burn takes effect with what it saw.
      const burn = burnAround(frame, callsByFrame);
      operations.push({ frameIndex: burn?.frameIndex ?? frameIndex, operation: seen });
    }
    if (isAssetPayment(frame, token)) {
      const payment = assetPaymentOf(frame);
      const call = payingCallOf(frame, callsByFrame);
      if (call === null) {
        operations.push({ frameIndex, operation: outflowOf(record, payment) });
      } else {
        const before = call.assetPayments.get(payment.asset) ?? 0n;
        call.assetPayments.set(payment.asset, before + payment.amount);
      }
    }
    if (frame.from === token && frame.isCall && frame.valueWei > 0n && frame.to !== token) {
      const call = payingCallOf(frame, callsByFrame);
      if (call === null) throw unexplained(record, token, frame);
      call.payments.push({ frameIndex, amountWei: frame.valueWei });
    }
  });

  for (const call of callsByFrame.values()) {
    operations.push(...paidOperations(record, token, call));
  }
  return operations.sort((a, b) => a.frameIndex - b.frameIndex);
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
  return call?.selector === BURN ? call : null;
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
  const { transactionIndex, transactionHash } = record;
  const paidInAssets = [...call.assetPayments].map(([asset, amount]) => ({ asset, amount }));
  if (call.selector === BURN) {
    const { amount } = functions.burn.decode(call.input);
    const paidWei = call.payments.reduce((sum, payment) => sum + payment.amountWei, 0n);
    return [
      {
        frameIndex: call.frameIndex,
        operation: {
          kind: 'redemption',
          holder: call.holder,
          burned: amount,
          paidWei,
          paidInAssets,
          transactionIndex,
          transactionHash,
        },
      },
    ];
  }
  const snapshotIds =
    call.selector === CLAIM
      ? [functions.claim.decode(call.input).snapshotId]
      : functions.claimBatch.decode(call.input).snapshotIds;
  if (paidInAssets.length > 0) {
    if (call.selector === CLAIM_BATCH) throw ambiguousBatch(record, token);
    const amountWei = call.payments.reduce((sum, payment) => sum + payment.amountWei, 0n);
    return [claimOf(record, call, call.frameIndex, snapshotIds[0] ?? 0n, amountWei, paidInAssets)];
  }
  if (call.payments.length !== snapshotIds.length) {
    throw new ImoError(
      'CHAIN_CLAIM_WITHOUT_PAYMENT',
      `token ${token} made ${call.payments.length} payments for the claim of ` +
        `${snapshotIds.length} snapshots in transaction ${transactionHash}`,
      'This contract does not pay claims in ETH as ERC-7641 says; remove it from the config.',
    );
  }
  return call.payments.map((payment, index) => {
    const frameIndex = call.selector === CLAIM_BATCH ? payment.frameIndex : call.frameIndex;
    return claimOf(record, call, frameIndex, snapshotIds[index] ?? 0n, payment.amountWei, []);
  });
}

function claimOf(
  { transactionIndex, transactionHash }: TransactionRecord,
  { holder }: PayingCall,
  frameIndex: number,
  snapshotId: bigint,
  amountWei: bigint,
  paidInAssets: readonly AssetAmount[],
): FrameOperation {
  return {
    frameIndex,
    operation: {
      kind: 'claim',
      holder,
      snapshotId,
      amountWei,
      paidInAssets,
      transactionIndex,
      transactionHash,
    },
  };
}

function ambiguousBatch(record: TransactionRecord, token: Address): ImoError {
  return new ImoError(
    'CHAIN_AMBIGUOUS_BATCH',
    `token ${token} paid a claimBatch in several assets in transaction ${record.transactionHash}`,
    'Which payment belongs to which snapshot cannot be told; the contract needs a policy of its own.',
  );
}

function unexplained(record: TransactionRecord, token: Address, frame: Frame): ImoError {
  return new ImoError(
    'CHAIN_UNEXPLAINED_PAYMENT',
    `token ${token} paid ${frame.valueWei} wei to ${frame.to} in transaction ` +
      `${record.transactionHash}, but not by claim, claimBatch or burn`,
    'No revenue policy explains this payment; remove the token from the config.',
  );
}
