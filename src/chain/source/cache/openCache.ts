import { z } from 'zod';
import type { CacheConfig } from '../../../config/source/cache.js';
import type { PoolConnection } from '../../rpc/connection/poolConnection.js';
import type { Finder } from '../finders/finder.js';
import type { Ability } from '../finders/probe.js';
import { AnswerCache } from './answerCache.js';
import { CachedFinder } from './cachedFinder.js';
import { KeptBlocks } from './keptBlocks.js';
import { PackStore } from './packStore.js';
import { Searches } from './searches.js';

const ANCHOR_TIMEOUT_MS = 10_000;
/** So long an endpoint is believed to do what it did. */
const NOTE_MS = 24 * 3_600_000;

const abilities = z.array(
  z.object({
    endpoint: z.string(),
    traceFilter: z.enum(['indexed', 'slow', 'missing']),
    blockReceipts: z.boolean(),
    oldState: z.enum(['proofs', 'balances', 'missing']),
    logBlocks: z.number().nullable(),
    problem: z.null(),
  }),
) satisfies z.ZodType<Ability[]>;

/** What is kept of a chain's final blocks, for one run. */
export interface ChainCache {
  /** Blocks that were read one by one. */
  readonly blocks: KeptBlocks;
  /** A finder that searches only what was not searched before. */
  wrap(finder: Finder): Finder;
  /** What was found out about the endpoints during the last day, or is now. */
  abilities(probe: () => Promise<Ability[]>): Promise<Ability[]>;
  /** Writes what waits. */
  close(): Promise<void>;
}

export interface ChainCacheOptions {
  readonly config: CacheConfig;
  readonly pool: PoolConnection;
  readonly chainId: number;
  readonly finality: number;
  readonly onWarning: (line: string) => void;
}

/** Puts the cache between a pool and its endpoints. */
export function openCache(options: ChainCacheOptions): ChainCache {
  const { config, pool, chainId, finality, onWarning } = options;
  const store = new PackStore({
    cache: config,
    chainId,
    blockHash: (height) => pool.blockHash(height, ANCHOR_TIMEOUT_MS),
    witnesses: () => answers.witnesses(),
    onWarning,
  });
  const answers = new AnswerCache({ store, finality });
  const blocks = new KeptBlocks(store, answers);
  pool.answers = answers;
  const searches = new Searches(store);
  return {
    blocks,
    async abilities(probe) {
      const name = `abilities of ${pool.endpoints.map(({ displayUrl }) => displayUrl).join()}`;
      const known = abilities.safeParse(await searches.note(name, NOTE_MS));
      if (known.success) {
        for (const { displayUrl, lacks } of pool.endpoints) {
          const able = known.data.find(({ endpoint }) => endpoint === displayUrl);
          if (able?.traceFilter !== 'indexed') lacks.add('trace_filter');
        }
        return known.data;
      }
      const found = await probe();
      if (found.every(({ problem }) => problem === null)) searches.keepNote(name, found);
      return found;
    },
    wrap: (finder) => new CachedFinder(finder, searches),
    async close() {
      searches.settle();
      await store.flush();
    },
  };
}
