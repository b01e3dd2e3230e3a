import { functions } from '../../abi/launchpadSale.js';
import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import {
  allocationOf,
  hasSucceeded,
  refundOf,
  type SaleEntryKind,
} from '../../ledger/sales/sale.js';
import { type Frame, selectorOf, type TransactionRecord } from '../reading/tree/frames.js';
import type { SaleAdapter, SaleContract } from './adapter.js';
import type { SaleEntry } from './entry.js';
import { callAround, type Payout, salePayoutOf } from './payments.js';
import { type SaleFigures, type SaleRules, termsByGetters } from './saleKind.js';

/** A call of the launchpad with the money and tokens that it paid out. */
interface LaunchpadCall {
  readonly kind: Extract<SaleEntryKind, 'deposit' | 'token-claim' | 'refund' | 'finalisation'>;
  readonly participant: Address | null;
  readonly caller: Address;
  /** What a deposit paid in. */
  readonly paidIn: bigint;
  readonly payouts: Payout[];
}

/**
 * A launchpad sale (docs/domain.md#sales), read from call frames: no log carries a deposit in ETH, a
 * claim or a refund. What was paid out is read from the frames that paid it.
 */
export const launchpad: SaleRules = {
  text: 'Deposits in a window, then tokens pro rata.',
  readFrom:
    'call frames alone, because it logs nothing: deposits by `deposit`, `depositFor` or plain ETH, claims, refunds, `finalize`, for any account',
  termsFrom: "the contract's getters; the indexer compares the config with them",
  terms: termsByGetters(
    {
      token: functions.token,
      raiseAsset: functions.raiseAsset,
      target: functions.target,
      tokensForSale: functions.tokensForSale,
      startTime: functions.startTime,
      endTime: functions.endTime,
      totalRaised: functions.totalRaised,
    },
    ({ target, tokensForSale, startTime, endTime }) => ({
      terms: { target, tokensForSale },
      startsAt: startTime,
      endsAt: endTime,
    }),
  ),
  views: {
    sale: [
      { signature: 'totalRaised()', ours: ({ state }) => state.raised },
      { signature: 'participants()', ours: ({ participants }) => BigInt(participants) },
      { signature: 'state()', ours: stateCode },
      { signature: 'target()', ours: ({ terms }) => terms?.target ?? -1n },
      { signature: 'tokensForSale()', ours: ({ terms }) => terms?.tokensForSale ?? -1n },
    ],
    participant: [
      { signature: 'depositOf(address)', ours: (of) => of.deposited },
      {
        signature: 'allocationOf(address)',
        ours: (of, { terms, state }) => allocationOf(terms, state, of),
      },
      {
        signature: 'refundOf(address)',
        ours: (of, { terms, state }) => refundOf(terms, state, of),
      },
      { signature: 'claimedOf(address)', ours: (of) => of.claimed },
      { signature: 'refundedOf(address)', ours: (of) => of.refunded },
    ],
  },
  adapter,
};

/** What `state()` says. */
const STATES = { open: 0n, successful: 1n, failed: 2n, finalised: 3n };

function stateCode({ terms, state }: SaleFigures): bigint {
  if (state.isFinalised) return STATES.finalised;
  const outcome = hasSucceeded(terms, state);
  if (outcome === null) return STATES.open;
  return outcome ? STATES.successful : STATES.failed;
}

function adapter(sale: SaleContract): SaleAdapter {
  return {
    topics: [],
    needsFrames: true,
    raisedView: functions.totalRaised.encode({}),
    custody: { paidTo: 'escrow', mayHoldMore: false },
    entriesOf(record) {
      const calls = new Map<Frame, LaunchpadCall>();
      for (const frame of record.frames) {
        if (frame.reverted) continue;
        const call = callOf(sale, frame);
        if (call !== null) calls.set(frame, call);
        else if (isPaidIn(sale, frame)) throw unexplained(record, sale, frame);
        const payout = salePayoutOf(sale, frame);
        if (payout === null) continue;
        const payer = callAround(frame, calls);
        if (payer === null) throw unexplained(record, sale, frame);
        payer.payouts.push(payout);
      }
      return [...calls.values()].map((call) => entryOf(record, sale, call));
    },
  };
}

function callOf(sale: SaleContract, frame: Frame): LaunchpadCall | null {
  if (!frame.isCall || frame.to !== sale.address) return null;
  const { from: caller, valueWei, input } = frame;
  const call = (
    kind: LaunchpadCall['kind'],
    participant: string | null,
    paidIn = 0n,
  ): LaunchpadCall => ({
    kind,
    participant: participant as Address | null,
    caller,
    paidIn,
    payouts: [],
  });
  if (input === '0x') return valueWei > 0n ? call('deposit', caller, valueWei) : null;
  switch (selectorOf(input)) {
    case functions['deposit()'].selector:
      return call('deposit', caller, valueWei);
    case functions['depositFor(address)'].selector:
      return call('deposit', functions['depositFor(address)'].decode(input).participant, valueWei);
    case functions['deposit(uint256)'].selector:
      return call('deposit', caller, functions['deposit(uint256)'].decode(input).amount);
    case functions['depositFor(address,uint256)'].selector: {
      const { participant, amount } = functions['depositFor(address,uint256)'].decode(input);
      return call('deposit', participant, amount);
    }
    case functions.claim.selector:
      return call('token-claim', caller);
    case functions.claimFor.selector:
      return call('token-claim', functions.claimFor.decode(input).participant);
    case functions.refund.selector:
      return call('refund', caller);
    case functions.refundFor.selector:
      return call('refund', functions.refundFor.decode(input).participant);
    case functions.finalize.selector:
      return call('finalisation', null);
    default:
      return null;
  }
}

/** ETH that a self-destruct or creation leaves there is no deposit: nobody can claim for it. */
function isPaidIn(sale: SaleContract, frame: Frame): boolean {
  return frame.isCall && frame.to === sale.address && frame.valueWei > 0n;
}

function entryOf(record: TransactionRecord, sale: SaleContract, call: LaunchpadCall): SaleEntry {
  const { kind, participant, caller, paidIn, payouts } = call;
  const sum = (asset: Payout['asset']) =>
    payouts.reduce((total, payout) => total + (payout.asset === asset ? payout.amount : 0n), 0n);
  const astray = payouts.find(
    ({ asset, receiver }) => !mayPay(kind, asset) || (participant ?? receiver) !== receiver,
  );
  if (astray !== undefined) {
    throw new ImoError(
      'SALE_UNEXPLAINED_PAYMENT',
      `a ${kind} of sale ${sale.address} paid ${astray.amount} units of its ${astray.asset} ` +
        `to ${astray.receiver} in transaction ${record.transactionHash}`,
      'This contract is not a launchpad (docs/domain.md#sales). Describe it as `kind: custom`.',
    );
  }
  return {
    kind,
    participant,
    caller,
    raiseAmount: kind === 'deposit' ? paidIn : sum('raise'),
    tokenAmount: sum('token'),
    isDelivered: false,
    transactionIndex: record.transactionIndex,
    transactionHash: record.transactionHash,
  };
}

/** A claim pays tokens, a refund the raise asset, a finalisation either. */
function mayPay(kind: LaunchpadCall['kind'], asset: Payout['asset']): boolean {
  if (kind === 'finalisation') return true;
  return kind === (asset === 'token' ? 'token-claim' : 'refund');
}

function unexplained(record: TransactionRecord, sale: SaleContract, frame: Frame): ImoError {
  return new ImoError(
    'SALE_UNEXPLAINED_PAYMENT',
    `sale ${sale.address} was paid or paid something in transaction ${record.transactionHash} ` +
      `(frame from ${frame.from} to ${frame.to}, selector ${selectorOf(frame.input)}), but not ` +
      'by a deposit, claim, refund or finalisation',
    'This contract is not a launchpad (docs/domain.md#sales). Describe it as `kind: custom`.',
  );
}
