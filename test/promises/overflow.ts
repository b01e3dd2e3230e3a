import { Interface } from 'ethers';
import type { Address } from '../../src/address.js';
import type { SaleAdapter, SaleContract } from '../../src/chain/sales/adapter.js';
import type { SaleEntry } from '../../src/chain/sales/entry.js';
import { decodeLog, logsOf } from '../../src/chain/sales/logs.js';
import { type SaleRules, termsByGetters } from '../../src/chain/sales/saleKind.js';

const CODEC = new Interface([
  'function offeringToken() view returns (address)',
  'function lpToken() view returns (address)',
  'event Deposit(address indexed user, uint256 amount)',
  'event Harvest(address indexed user, uint256 offeringAmount, uint256 excessAmount)',
]);
const DEPOSIT = CODEC.getEvent('Deposit')?.topicHash ?? '';
const HARVEST = CODEC.getEvent('Harvest')?.topicHash ?? '';
const TOPIC_COUNTS = new Map([
  [DEPOSIT, [2]],
  [HARVEST, [2]],
]);

/** A toy kind of sale for `contracts/OverflowSale.sol`: all that a new kind needs in one file. */
export const overflow: SaleRules = {
  text: 'Deposits, then a harvest of tokens and of what was too much.',
  readFrom: '`Deposit`, `Harvest`',
  termsFrom: "the contract's `offeringToken()` and `lpToken()`",
  terms: termsByGetters({ token: getter('offeringToken'), raiseAsset: getter('lpToken') }),
  views: {
    sale: [{ signature: 'totalAmount()', ours: ({ state }) => state.raised }],
    participant: [
      { signature: 'deposited(address)', ours: (of) => of.deposited },
      { signature: 'claimedOf(address)', ours: (of) => of.claimed },
      { signature: 'refundedOf(address)', ours: (of) => of.refunded },
    ],
  },
  adapter,
};

function getter(name: string) {
  const of = CODEC.getFunction(name);
  return { signature: `${name}()`, selector: of?.selector ?? '' };
}

function adapter(sale: SaleContract): SaleAdapter {
  return {
    topics: [DEPOSIT, HARVEST],
    needsFrames: false,
    raisedView: null,
    custody: { paidTo: 'escrow', mayHoldMore: false },
    entriesOf(record) {
      const { transactionIndex, transactionHash } = record;
      return logsOf(record, sale, TOPIC_COUNTS).flatMap((log): SaleEntry[] => {
        const [user, amount, excess = 0n] = decodeLog(record, sale, log, (one) =>
          CODEC.parseLog(one)?.args.toArray(),
        ) as [string, bigint, bigint?];
        const entry = (kind: SaleEntry['kind'], raiseAmount: bigint, tokenAmount: bigint) => ({
          kind,
          participant: user.toLowerCase() as Address,
          caller: null,
          raiseAmount,
          tokenAmount,
          isDelivered: false,
          transactionIndex,
          transactionHash,
        });
        if (log.topics[0] === DEPOSIT) return [entry('deposit', amount, 0n)];
        return [
          entry('allocation', 0n, amount),
          entry('token-claim', 0n, amount),
          entry('refund', excess, 0n),
        ];
      });
    },
  };
}
