import { checksummed } from '../../address.js';
import { readHolds } from '../../store/read/tokens/holds.js';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { BooksSubject } from './books.js';

const KINDS = {
  CONTRACT_HELD: {
    severity: 'error',
    means: 'the books of a contract have ended, because they cannot continue without a guess',
    remedy: 'Do what the hint of the error says, then run `imo-ledger resume ADDRESS`.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the books of every contract continue. */
export const holds: Check<BooksSubject> = {
  name: 'holds',
  kinds: KINDS,
  async run({ chain, pool }) {
    const held = await readHolds(pool, chain.id);
    return held.map(({ kind, address, lastBlock, code, reason, hint }) => {
      const ended = `the books of ${kind} ${checksummed(address)} end at block ${lastBlock} (${code}): ${reason}`;
      return found.CONTRACT_HELD(chain.name, ended, hint);
    });
  },
};
