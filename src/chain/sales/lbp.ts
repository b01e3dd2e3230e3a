import { events, functions } from '../../abi/lbpSale.js';
import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import { selectorOf, type TransactionRecord } from '../reading/tree/frames.js';
import type { SaleAdapter, SaleContract } from './adapter.js';
import type { SaleEntry } from './entry.js';
import { decodeLog, logsOf, type SaleLog } from './logs.js';
import { salePayoutOf } from './payments.js';
import { type SaleRules, termsByGetters } from './saleKind.js';

const TOPIC_COUNTS = new Map([
  [events.Buy.topic, [2]],
  [events.Sell.topic, [2]],
  [events.Close.topic, [1]],
  // The stream's id is indexed in the newest pools only.
  [events.Redeem.topic, [2, 3]],
]);

/** By selector: where in a purchase's call data its known amount stands among the fields. */
const SWAPS = new Map<string, 'assets' | 'shares'>([
  [functions['swapExactAssetsForShares(uint256,uint256,address)'].selector, 'assets'],
  [functions['swapExactAssetsForShares(uint256,uint256,address,address)'].selector, 'assets'],
  [
    functions['swapExactAssetsForShares(uint256,uint256,address,address,bytes32[])'].selector,
    'assets',
  ],
  [functions['swapAssetsForExactShares(uint256,uint256,address)'].selector, 'shares'],
  [functions['swapAssetsForExactShares(uint256,uint256,address,address)'].selector, 'shares'],
  [
    functions['swapAssetsForExactShares(uint256,uint256,address,address,bytes32[])'].selector,
    'shares',
  ],
]);

/** A call that buys shares: all six forms begin with two amounts and the recipient. */
interface Swap {
  readonly caller: Address;
  readonly recipient: Address;
  readonly known: 'assets' | 'shares';
  readonly amount: bigint;
}

/**
 * A liquidity bootstrapping pool. Its logs name only the caller. The call data of the
 * k-th buying frame, which belongs to the k-th `Buy`, shows who owns the bought shares.
 */
export const lbp: SaleRules = {
  text: 'A liquidity bootstrapping pool: shares are bought and sold on a curve.',
  readFrom:
    '`Buy`, `Sell`, `Redeem`, `Close`; only the call data of the k-th buying call shows who owns the bought shares',
  termsFrom: "the pool's `asset()` and `share()`",
  terms: termsByGetters({ token: functions.share, raiseAsset: functions.asset }),
  views: {
    sale: [
      { signature: 'totalPurchased()', ours: ({ state }) => state.allocated - state.sold },
      { signature: 'closed()', ours: ({ state }) => BigInt(state.isFinalised) },
    ],
    participant: [
      {
        signature: 'purchasedShares(address)',
        ours: (of) => of.allocated - of.sold - of.claimed,
      },
      { signature: 'redeemedShares(address)', ours: (of) => of.claimed },
    ],
  },
  adapter,
};

function adapter(sale: SaleContract): SaleAdapter {
  return {
    topics: [...TOPIC_COUNTS.keys()],
    needsFrames: true,
    raisedView: null,
    custody: { paidTo: 'escrow', mayHoldMore: true },
    entriesOf(record) {
      const swaps = swapsOf(record, sale);
      const logs = logsOf(record, sale, TOPIC_COUNTS);
      const buys = logs.filter(({ topics }) => topics[0] === events.Buy.topic);
      if (buys.length !== swaps.length) throw unpaired(record, sale);
      let next = 0;
      return logs.map((log) => {
        const swap = log.topics[0] === events.Buy.topic ? swaps[next++] : undefined;
        return entryOf(record, sale, log, swap);
      });
    },
  };
}

function swapsOf(record: TransactionRecord, sale: SaleContract): Swap[] {
  return record.frames.flatMap((frame) => {
    const known = SWAPS.get(selectorOf(frame.input));
    if (known === undefined || frame.reverted || !frame.isCall || frame.to !== sale.address) {
      return [];
    }
    const word = (index: number) => frame.input.slice(10 + 64 * index, 74 + 64 * index);
    const recipient: Address = `0x${word(2).slice(24)}`;
    return [{ caller: frame.from, recipient, known, amount: BigInt(`0x${word(0)}`) }];
  });
}

function entryOf(
  record: TransactionRecord,
  sale: SaleContract,
  log: SaleLog,
  swap: Swap | undefined,
): SaleEntry {
  const { transactionIndex, transactionHash } = record;
  const entry = (
    kind: SaleEntry['kind'],
    participant: string | null,
    caller: string | null,
    raiseAmount: bigint,
    tokenAmount: bigint,
  ): SaleEntry => ({
    kind,
    participant: participant as Address | null,
    caller: caller as Address | null,
    raiseAmount,
    tokenAmount,
    isDelivered: false,
    transactionIndex,
    transactionHash,
  });
  switch (log.topics[0]) {
    case events.Buy.topic: {
      const buy = decodeLog(record, sale, log, (one) => events.Buy.decode(one));
      if (swap === undefined || swap.caller !== buy.caller || swap.amount !== buy[swap.known]) {
        throw unpaired(record, sale);
      }
      return entry('purchase', swap.recipient, buy.caller, buy.assets, buy.shares);
    }
    case events.Sell.topic: {
      const { caller, assets, shares } = decodeLog(record, sale, log, (one) =>
        events.Sell.decode(one),
      );
      return entry('sell', caller, caller, assets, shares);
    }
    case events.Redeem.topic: {
      const caller = `0x${(log.topics[1] ?? '').slice(26)}`;
      // The shares are the last field, and never indexed.
      return entry('token-claim', caller, caller, 0n, BigInt(`0x${log.data.slice(-64)}`));
    }
    default: {
      decodeLog(record, sale, log, (one) => events.Close.decode(one));
      return entry('finalisation', null, null, paidByClosing(record, sale), 0n);
    }
  }
}

/**
 * Units of the raise asset that closing paid, to seller and platform alike: the log's fields
 * are after fees or before them, as the pool's version has it; the payments are not.
 */
function paidByClosing(record: TransactionRecord, sale: SaleContract): bigint {
  let paid = 0n;
  for (const frame of record.frames) {
    const payout = frame.reverted ? null : salePayoutOf(sale, frame);
    if (payout?.asset === 'raise') paid += payout.amount;
  }
  for (const log of logsOf(record, sale, TOPIC_COUNTS)) {
    if (log.topics[0] !== events.Sell.topic) continue;
    paid -= decodeLog(record, sale, log, (one) => events.Sell.decode(one)).assets;
  }
  return paid;
}

function unpaired(record: TransactionRecord, sale: SaleContract): ImoError {
  return new ImoError(
    'SALE_BUY_WITHOUT_CALL',
    `the Buy logs of sale ${sale.address} do not fit the calls of its swap functions in ` +
      `transaction ${record.transactionHash}: who received the shares is not certain`,
    'The pool has other buying functions than an LBP (docs/domain.md#sales). Describe it as `kind: custom`.',
  );
}
