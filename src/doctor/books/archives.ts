import { checksummed } from '../../address.js';
import { readArchives } from '../../store/read/chains/archives.js';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { BooksSubject } from './books.js';

const KINDS = {
  BOOKS_ARCHIVED: {
    severity: 'note',
    means: 'the books of a contract have ended, because the config no longer names it',
    remedy:
      'Delete them with `imo-ledger forget ADDRESS`, or put the contract back into the config.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Which books stay readable although nothing continues them. */
export const archives: Check<BooksSubject> = {
  name: 'archives',
  kinds: KINDS,
  async run({ chain, pool }) {
    const archived = await readArchives(pool, chain.id);
    return archived.map(({ kind, address, archivedBlock }) =>
      found.BOOKS_ARCHIVED(
        chain.name,
        `the books of ${kind} ${checksummed(address)} end at block ${archivedBlock}`,
      ),
    );
  },
};
