import type { Queryable } from '../store/read/queryable.js';
import { AuditResultsCache } from './auditResults.js';
import { RequestBudget } from './budget.js';
import { ChainTips } from './chainTips.js';
import { EntitlementTrees } from './entitlementTrees.js';
import type { LiveHub } from './live/hub.js';
import { createLoaders, type Loaders } from './loaders.js';
import { type ApiChain, RequestBooks } from './requestBooks.js';
import { StandingsCache } from './standingsCache.js';

/** What all requests share. */
export interface ApiServices {
  readonly db: Queryable;
  readonly chains: readonly ApiChain[];
  readonly chainTips: ChainTips;
  readonly standings: StandingsCache;
  /** Behind the committed roots. */
  readonly trees: EntitlementTrees;
  readonly audits: AuditResultsCache;
  /** Behind subscriptions; `null` where there are none. */
  readonly live: LiveHub | null;
}

/** What the resolvers of one request work with. */
export interface ApiContext extends ApiServices {
  readonly books: RequestBooks;
  readonly loaders: Loaders;
  readonly budget: RequestBudget;
  /** Reads that several rows of the request ask for, by what they ask. */
  readonly shared: Map<string, Promise<unknown>>;
}

/** @param db must not be able to write: a pool that is read only. */
export function createServices(
  db: Queryable,
  chains: readonly ApiChain[],
  live: LiveHub | null = null,
): ApiServices {
  return {
    db,
    chains,
    chainTips: new ChainTips(chains),
    standings: new StandingsCache(db),
    trees: new EntitlementTrees(db),
    audits: new AuditResultsCache(db),
    live,
  };
}

export function createContext(services: ApiServices): ApiContext {
  return {
    ...services,
    books: new RequestBooks(services.db, services.chains),
    loaders: createLoaders(services.db),
    budget: new RequestBudget(),
    shared: new Map(),
  };
}
