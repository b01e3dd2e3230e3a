import type { ChainConfig } from '../../config/types.js';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import { freeBytes, gigabytes } from '../freeSpace.js';

const KINDS = {
  CACHE_DISK_LOW: {
    severity: 'warning',
    means: 'the disk of the cache of final blocks has little room left',
    remedy: 'Make room, move the cache (`cache:` in the config), or run `imo-ledger cache prune`.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

export interface CacheSubject {
  readonly chains: readonly ChainConfig[];
  readonly freeBytesAtLeast: number;
}

/** How much room the disks of the caches have. */
export const cacheDisk: Check<CacheSubject> = {
  name: 'cache disk',
  kinds: KINDS,
  async run({ chains, freeBytesAtLeast }) {
    const folders = new Set(chains.flatMap(({ cache }) => (cache == null ? [] : [cache.folder])));
    const findings = await Promise.all(
      [...folders].map(async (folder) => {
        const free = await freeBytes(folder);
        if (free === null || free >= freeBytesAtLeast) return [];
        return [found.CACHE_DISK_LOW(folder, `${gigabytes(free)} are free`)];
      }),
    );
    return findings.flat();
  },
};
