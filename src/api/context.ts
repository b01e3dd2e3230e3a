import type { Queryable } from '../store/read/queryable.js';
import { AuditResultsCache } from './auditResults.js';
import { RequestBudget } from './budget.js';
import { ChainTips } from './chainTips.js';
import { ClaimNodes } from './claimNodes.js';
import { EntitlementTrees } from './entitlementTrees.js';
import { createLoaders, type Loaders } from './loaders.js';
import { type ApiChain, RequestBooks } from './requestBooks.js';
import { StandingsCache } from './standingsCache.js';

/** What all requests share. */
export interface ApiServices {
  readonly db: Queryable;
  readonly chains: readonly ApiChain[];
  readonly chainTips: ChainTips;
  /** What nodes say of transactions that nobody has sent. */
  readonly claimNodes: ClaimNodes;
  readonly standings: StandingsCache;
  /** Behind the committed roots. */
  readonly trees: EntitlementTrees;
  readonly audits: AuditResultsCache;
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
export function createServices(db: Queryable, chains: readonly ApiChain[]): ApiServices {
  return {
    db,
    chains,
    chainTips: new ChainTips(chains),
    claimNodes: new ClaimNodes(chains),
    standings: new StandingsCache(db),
    trees: new EntitlementTrees(db),
    audits: new AuditResultsCache(db),
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
