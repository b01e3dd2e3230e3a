import { readGroups } from '../../store/registry/groups.js';
import { readCursor } from '../../store/write/cursor.js';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { BooksSubject } from './books.js';

/** What `BOOKS_LAG` has for a chain. */
const BEHIND_BLOCKS = 100;

const KINDS = {
  GROUP_BEHIND: {
    severity: 'warning',
    means:
      'a group of contracts is more than 100 blocks behind another one, and all answers of the chain wait for it',
    remedy: 'Start `imo-ledger index --group NAME` for it, or wait until it has caught up.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the groups of a chain are about as far as each other. */
export const groups: Check<BooksSubject> = {
  name: 'groups',
  kinds: KINDS,
  async run({ chain, pool }) {
    const blocks: { readonly name: string; readonly block: number }[] = [];
    for (const { key, name } of await readGroups(pool, chain.id)) {
      blocks.push({ name, block: (await readCursor(pool, key))?.head.height ?? -1 });
    }
    const furthest = Math.max(...blocks.map(({ block }) => block));
    return blocks
      .filter(({ block }) => furthest - block > BEHIND_BLOCKS)
      .map(({ name, block }) => {
        const is = block < 0 ? 'has indexed no block yet' : `is at block ${block}`;
        return found.GROUP_BEHIND(
          chain.name,
          `group ${name} ${is}, and the furthest one at block ${furthest}`,
        );
      });
  },
};
