import { RequestBooks } from '../books/requestBooks.js';
import type { Queryable } from '../store/read/queryable.js';
import { AnswerProof } from './answerProof.js';
import type { ApiChain } from './apiChain.js';
import { AuditResultsCache } from './auditResults.js';
import { RequestBudget } from './budget.js';
import { ChainForks } from './chainForks.js';
import { ChainTips } from './chainTips.js';
import { ClaimableLeaders } from './claimableLeaders.js';
import { ClaimNodes } from './claimNodes.js';
import { EntitlementTrees } from './entitlementTrees.js';
import { createJoinedReads, type JoinedReads } from './joinedReads.js';
import type { LiveHub } from './live/hub.js';
import { createLoaders, type Loaders } from './loaders.js';
import { StandingsCache } from './standingsCache.js';

/** What all requests share. */
export interface ApiServices {
  readonly db: Queryable;
  /** Reads that requests at the same time share. */
  readonly joined: JoinedReads;
  readonly chains: readonly ApiChain[];
  readonly chainTips: ChainTips;
  readonly chainForks: ChainForks;
  /** What nodes say of transactions that nobody has sent. */
  readonly claimNodes: ClaimNodes;
  readonly standings: StandingsCache;
  readonly claimableLeaders: ClaimableLeaders;
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
  readonly proof: AnswerProof;
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
    joined: createJoinedReads(db),
    chains,
    chainTips: new ChainTips(chains),
    chainForks: new ChainForks(chains),
    claimNodes: new ClaimNodes(chains),
    standings: new StandingsCache(db),
    claimableLeaders: new ClaimableLeaders(db),
    trees: new EntitlementTrees(db),
    audits: new AuditResultsCache(db),
    live,
  };
}

export function createContext(services: ApiServices): ApiContext {
  const proof = new AnswerProof();
  const db = proof.counting(services.db);
  const joined = proof.countingJoined(services.joined);
  return {
    ...services,
    db,
    joined,
    proof,
    books: new RequestBooks(db, joined.indexed, services.chains),
    loaders: loadersWhenNeeded(db, joined),
    budget: new RequestBudget(),
    shared: new Map(),
  };
}

/** There are many loaders, and few requests need one of them: all are made with the first. */
function loadersWhenNeeded(db: Queryable, joined: JoinedReads): Loaders {
  let loaders: Loaders | null = null;
  // Nothing is in it, and all that is asked of it is the name of a loader.
  return new Proxy({} as Loaders, {
    get(_, name: keyof Loaders) {
      loaders ??= createLoaders(db, joined);
      return loaders[name];
    },
  });
}
