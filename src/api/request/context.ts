import { RequestBooks } from '../../books/requestBooks.js';
import { COMPUTED_HOLDERS } from '../../config/serving.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { BookSizes } from '../limits/cost/bookSizes.js';
import { RequestRun } from '../limits/turns/requestRun.js';
import { RequestTurns } from '../limits/turns/requestTurns.js';
import type { LiveHub } from '../live/books/hub.js';
import { AuditResultsCache } from '../reads/auditResults.js';
import { BooksMemory } from '../reads/booksMemory.js';
import { ClaimableLeaders } from '../reads/claimableLeaders.js';
import { ContractCounts } from '../reads/contractCounts.js';
import { EntitlementTrees } from '../reads/entitlementTrees.js';
import { createJoinedReads, type JoinedReads, joinedOf } from '../reads/joinedReads.js';
import { type Lanes, oneLane } from '../reads/lanes.js';
import { createLoaders, type Loaders } from '../reads/loaders/loaders.js';
import type { ApiChain } from '../reads/node/apiChain.js';
import { ChainBalances } from '../reads/node/chainBalances.js';
import { ChainCoins } from '../reads/node/chainCoins.js';
import { ChainForks } from '../reads/node/chainForks.js';
import { ChainTips } from '../reads/node/chainTips.js';
import { ClaimNodes } from '../reads/node/claimNodes.js';
import { Endpoints } from '../reads/node/endpoints.js';
import { RequestBudget } from './budget.js';
import { BooksInstant } from './instant.js';
import { ProvenReads } from './provenReads.js';

/** What all requests share. */
export interface ApiServices {
  /** For what is read for nobody in particular, and costs little. */
  readonly db: Queryable;
  readonly lanes: Lanes;
  /** In which order requests are answered. */
  readonly turns: RequestTurns;
  /** Reads that requests at the same time share. */
  readonly joinedReads: Readonly<Record<'cheap' | 'heavy', JoinedReads>>;
  /** The books as they were read last. */
  readonly memory: BooksMemory;
  readonly chains: readonly ApiChain[];
  readonly chainTips: ChainTips;
  readonly chainForks: ChainForks;
  readonly chainBalances: ChainBalances;
  readonly chainCoins: ChainCoins;
  readonly endpoints: Endpoints;
  /** How large the books are: costs depend on it. */
  readonly sizes: BookSizes;
  /** The nodes' estimates for transactions that nobody has sent. */
  readonly claimNodes: ClaimNodes;
  /** Holders that a page or a count may look at. */
  readonly computedHolders: number;
  readonly claimableLeaders: ClaimableLeaders;
  readonly contractCounts: ContractCounts;
  /** Behind the committed roots. */
  readonly trees: EntitlementTrees;
  readonly audits: AuditResultsCache;
  /** Behind subscriptions; `null` where there are none. */
  readonly live: LiveHub | null;
}

/** What the resolvers of one request work with. */
export interface ApiContext extends ApiServices {
  readonly joined: JoinedReads;
  readonly books: RequestBooks;
  readonly loaders: Loaders;
  readonly budget: RequestBudget;
  /** What the request was expected to cost, and what it has taken. */
  readonly run: RequestRun;
  readonly proof: ProvenReads;
  /** The heads and tokens that it is answered with. */
  readonly instant: BooksInstant;
  /** Reads that several rows of the request ask for, by what they ask. */
  readonly shared: Map<string, Promise<unknown>>;
}

const HEAVY_AT_ONCE = 4;

/**
 * @param db must not be able to write: a pool that is read only
 * @param lanes default: all requests share `db`
 * @param computedHolders that a page or a count may look at
 * @param turns default: those of a program that has the database to itself
 */
export function createServices(
  db: Queryable,
  chains: readonly ApiChain[],
  live: LiveHub | null = null,
  lanes: Lanes = oneLane(db),
  turns: RequestTurns = new RequestTurns(HEAVY_AT_ONCE),
  computedHolders = COMPUTED_HOLDERS,
): ApiServices {
  return {
    db,
    lanes,
    turns,
    joinedReads: {
      cheap: createJoinedReads(lanes.shared('shared')),
      heavy: createJoinedReads(lanes.shared('heavy')),
    },
    memory: new BooksMemory(lanes.shared('shared')),
    chains,
    chainTips: new ChainTips(chains),
    chainForks: new ChainForks(chains),
    chainBalances: new ChainBalances(chains),
    chainCoins: new ChainCoins(chains),
    endpoints: new Endpoints(chains),
    sizes: new BookSizes((signal) => lanes.shared('shared', signal)),
    claimNodes: new ClaimNodes(chains),
    computedHolders,
    claimableLeaders: new ClaimableLeaders(lanes.shared('heavy')),
    contractCounts: new ContractCounts(),
    trees: new EntitlementTrees(lanes.shared('heavy')),
    audits: new AuditResultsCache(db),
    live,
  };
}

/**
 * What requests share that read another server: its database and what is known from it. Nodes,
 * subscriptions and turns are the same.
 */
export function servicesOn(
  services: ApiServices,
  lanes: Lanes,
  computedHolders?: number,
): ApiServices {
  const db = lanes.shared('shared');
  const { chains, live, turns } = services;
  const own = createServices(db, chains, live, lanes, turns, computedHolders);
  const { chainTips, chainForks, chainBalances, chainCoins, endpoints, claimNodes } = services;
  return { ...own, chainTips, chainForks, chainBalances, chainCoins, endpoints, claimNodes };
}

/** @param run default: a request without limits */
export function createContext(
  services: ApiServices,
  run: RequestRun = new RequestRun(''),
): ApiContext {
  // Not by spreading: that takes V8 longer than all that the context is made of (`decodeOperation`).
  return Object.assign({}, services, readsOf(services, run));
}

/** Lets a request start again: nothing that it has read so far is in its answer. */
export function renewContext(context: ApiContext): void {
  Object.assign(context, readsOf(context, context.run));
}

/** What belongs to one attempt to answer a request. */
function readsOf(services: ApiServices, run: RequestRun) {
  const shared = joinedOf(services.joinedReads, run);
  const instant = new BooksInstant(services.memory, shared);
  const proof = new ProvenReads(instant);
  const db = proof.counting(services.lanes.of(run));
  const joined = proof.countingJoined(shared);
  return {
    db,
    joined,
    proof,
    instant,
    books: new RequestBooks(
      db,
      () => instant.indexed(),
      services.chains,
      (head, at) => instant.asOf(db, head, at),
    ),
    loaders: loadersWhenNeeded(db, joined),
    budget: new RequestBudget(() => run.cost?.entries ?? null),
    run,
    shared: new Map<string, Promise<unknown>>(),
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

/** What the server tells of the exchange that a subscription came with. */
export interface Exchanged {
  /** Aborted when nothing can be sent any more; left out: somebody else ends the subscription. */
  readonly over?: AbortSignal;
  /** Of its operation; left out: one without limits. */
  readonly run?: RequestRun;
}
