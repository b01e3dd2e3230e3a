import { readSourceRanges } from '../../store/read/chains/sourceRanges.js';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { BooksSubject } from './books.js';

const KINDS = {
  RANGE_WITHOUT_PROOF: {
    severity: 'warning',
    means: 'blocks were found by a service, and no state proves that none is missing',
    remedy:
      'Run `imo-ledger audit`; to prove the blocks, index again with an endpoint that has old states.',
  },
  RANGE_PARTLY_PROVEN: {
    severity: 'note',
    means: 'only balances prove a range of blocks: a call that moves no ETH may be missing',
    remedy:
      'Run `imo-ledger audit`; for a whole proof, index again with an endpoint that serves eth_getProof.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether something proves that no block is missing in the books. */
export const ranges: Check<BooksSubject> = {
  name: 'ranges',
  kinds: KINDS,
  async run({ chain, pool }) {
    const own = (await readSourceRanges(pool)).filter(({ chainId }) => chainId === chain.id);
    return own.flatMap(({ fromBlock, toBlock, finder, proof }) => {
      const range = `blocks ${fromBlock} to ${toBlock}, found by ${finder}`;
      if (proof === 'audit') {
        return [found.RANGE_WITHOUT_PROOF(chain.name, `${range}, have no proof but the audit`)];
      }
      if (proof !== 'balance') return [];
      return [found.RANGE_PARTLY_PROVEN(chain.name, `${range}, are proven by balances only`)];
    });
  },
};
