import type { ChainConfig } from '../../config/types.js';
import { joiningChain } from '../../plan/bookedChain.js';
import { keepManifest } from '../../plan/keepManifest.js';
import { manifestOf } from '../../plan/manifest.js';
import { joiningKey } from '../../store/booksKey.js';
import { type JoiningContract, noteJoiningStart } from '../../store/joining/joiningBooks.js';
import { BOOKING_VERSION } from '../bookingVersions.js';
import type { BooksOptions } from '../indexerOptions.js';

/** What a run needs to know to book contracts next to the live books of a chain. */
export function joiningBooks(
  chain: ChainConfig,
  contracts: readonly JoiningContract[],
): Pick<BooksOptions, 'chain' | 'whole' | 'onOpened'> {
  return {
    chain: joiningChain(chain, contracts),
    whole: chain,
    async onOpened(db) {
      await keepManifest(db, joiningKey(chain.id), manifestOf(chain), BOOKING_VERSION);
      await noteJoiningStart(db, chain.id);
    },
  };
}
