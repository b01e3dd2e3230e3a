import { events } from '../../abi/fixedPriceSale.js';
import type { Address } from '../../address.js';
import type { SaleAdapter, SaleContract } from './adapter.js';
import { decodeLog, logsOf } from './logs.js';
import type { SaleRules } from './saleKind.js';

const TOPIC_COUNTS = new Map([
  [events.TokensPurchased.topic, [3]],
  [events.CrowdsaleFinalized.topic, [1]],
]);

/**
 * A sale at a fixed price that delivers at once, by OpenZeppelin's `TokensPurchased` (who
 * paid, for whom, raise units, token units). A log of that name with other fields has
 * another topic or topic count, and never counts as one.
 */
export const fixedPrice: SaleRules = {
  text: 'Tokens at one price, delivered at once.',
  readFrom: '`TokensPurchased` of OpenZeppelin, `CrowdsaleFinalized`',
  termsFrom: 'the config',
  terms: null,
  views: {
    sale: [
      { signature: 'weiRaised()', ours: ({ state }) => state.raised },
      { signature: 'finalized()', ours: ({ state }) => BigInt(state.isFinalised) },
    ],
    participant: [
      { signature: 'paidFor(address)', ours: (of) => of.deposited },
      { signature: 'boughtBy(address)', ours: (of) => of.allocated },
      { signature: 'boughtBy(address)', ours: (of) => of.claimed },
    ],
  },
  adapter,
};

function adapter(sale: SaleContract): SaleAdapter {
  return {
    topics: [...TOPIC_COUNTS.keys()],
    needsFrames: false,
    raisedView: null,
    custody: { paidTo: 'seller', mayHoldMore: false },
    entriesOf(record) {
      const { transactionIndex, transactionHash } = record;
      return logsOf(record, sale, TOPIC_COUNTS).map((log) => {
        const place = { transactionIndex, transactionHash };
        if (log.topics[0] === events.CrowdsaleFinalized.topic) {
          const nothing = { raiseAmount: 0n, tokenAmount: 0n, isDelivered: false };
          return { kind: 'finalisation', participant: null, caller: null, ...nothing, ...place };
        }
        const { purchaser, beneficiary, value, amount } = decodeLog(record, sale, log, (one) =>
          events.TokensPurchased.decode(one),
        );
        return {
          kind: 'purchase',
          participant: beneficiary as Address,
          caller: purchaser as Address,
          raiseAmount: value,
          tokenAmount: amount,
          isDelivered: true,
          ...place,
        };
      });
    },
  };
}
