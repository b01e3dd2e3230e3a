import type { Address } from '../address.js';
import type { ChainNode } from '../chain/node.js';
import type { ChainConfig } from '../config/types.js';
import type { SqlClient } from '../store/database/sqlClient.js';
import { readKnownSources, readPassedOn } from '../store/read/operations/passedOn.js';
import { readDepositPools } from '../store/read/pools/depositPools.js';
import type { Queryable } from '../store/read/query/queryable.js';
import { readSales } from '../store/read/sales/sales.js';
import { readTokens } from '../store/read/tokens/tokens.js';
import { readManifest } from '../store/registry/manifest.js';
import { readRegistered } from '../store/registry/registered.js';
import { readCursor } from '../store/write/cursor.js';
import { manifestOfRegistry, ofRegistered, withPools } from './booked.js';
import type { EntryChange } from './changes.js';
import { comparePlans, findingKey, toExamine } from './comparePlans.js';
import { examine, type Registry } from './examine.js';
import { EMPTY_MANIFEST, keyOf, type Manifest, manifestFromStore, manifestOf } from './manifest.js';
import type { BookingVersions, EntryFinding, Plan } from './plan.js';
import { poolsWithoutToken } from './poolsWithoutToken.js';
import { changedSources } from './sources.js';

/** Entries that the chain is asked about at the same time. */
const EXAMINED_AT_ONCE = 16;

export interface PlanRequest {
  /** The config wanted, with what factories created. */
  readonly chain: ChainConfig;
  /** The contracts that factories created: what cannot be indexed of them is left out. */
  readonly created?: ReadonlySet<Address>;
  /** Versions that this program books by. */
  readonly versions: BookingVersions;
  /** Opened only if the chain must be asked about an entry. */
  readonly node: () => Promise<ChainNode>;
}

/** What the live books of a chain are. */
export interface LiveBooks {
  readonly manifest: Manifest;
  readonly bookedBy: Partial<BookingVersions>;
  readonly registry: Registry;
  readonly indexedTo: number | null;
}

/**
 * Says what a change of the config means for the live books of a chain. It changes nothing.
 *
 * @throws what nodes and database throw, ImoError `MANIFEST_UNKNOWN`
 */
export async function planChain(db: SqlClient & Queryable, request: PlanRequest): Promise<Plan> {
  const { chain, versions, created = new Set<Address>() } = request;
  const live = await readLiveBooks(db, request);
  const { registry, indexedTo, bookedBy } = live;
  const wanted = manifestOf(chain);
  const isFirst = indexedTo === null && registry.contracts.length === 0;
  const stored = isFirst ? EMPTY_MANIFEST : live.manifest;
  const findings = new Map<string, EntryFinding>();
  const changes = (isFirst ? [] : toExamine(stored, wanted)).filter((change) => {
    const known = createdStart(change, created);
    if (known !== null) findings.set(findingKey(change), { startBlock: known, isSame: false });
    return known === null;
  });
  if (changes.length > 0) {
    const node = await request.node();
    for (let index = 0; index < changes.length; index += EXAMINED_AT_ONCE) {
      const some = changes.slice(index, index + EXAMINED_AT_ONCE);
      const found = await Promise.all(
        some.map((change) => examine({ node, chain, registry }, change)),
      );
      for (const [place, change] of some.entries()) {
        const finding = found[place];
        if (finding !== undefined) findings.set(findingKey(change), finding);
      }
    }
  }
  const sources = isFirst ? [] : (changedSources(stored, wanted) as Address[]);
  const passedOn = await readPassedOn(db, chain.id, sources);
  const registered = registry.contracts;
  const alsoRefused = isFirst ? [] : poolsWithoutToken(chain, registry.pools, findings);
  const facts = { indexedTo, registered, bookedBy, versions, findings, passedOn, alsoRefused };
  return comparePlans(chain.id, stored, wanted, facts);
}

/** Where a new contract that a factory created starts; `null` for any other entry. */
function createdStart(
  { before, after, key }: EntryChange,
  created: ReadonlySet<string>,
): number | null {
  const start = after?.startBlock;
  return before === null && created.has(key) && typeof start === 'number' ? start : null;
}

/** Reads what is indexed of a chain, and the manifest that it was indexed by. */
async function readLiveBooks(
  db: SqlClient & Queryable,
  { chain, versions }: Pick<PlanRequest, 'chain' | 'versions'>,
): Promise<LiveBooks> {
  const contracts = await readRegistered(db, chain.id);
  const tokens = await readTokens(db, { chainId: chain.id });
  const sales = await readSales(db, { chainId: chain.id });
  const pools = await readDepositPools(db, chain.id);
  const cursor = await readCursor(db, chain.id);
  const row = await readManifest(db, chain.id);
  const registry: Registry = { contracts, tokens, sales, pools };
  const indexedTo = cursor?.head.height ?? null;
  if (row !== null) {
    const stored = ofRegistered(manifestFromStore(row.config), registry);
    const { manifest, bookedBy } = withPools(
      { manifest: stored, bookedBy: row.bookedBy },
      chain,
      registry,
    );
    return { manifest, bookedBy, registry, indexedTo };
  }
  const labels = manifestOf(chain).labels.map((entry) => keyOf('labels', entry) as Address);
  const attributed = await readKnownSources(db, chain.id);
  const passed = new Set((await readPassedOn(db, chain.id, labels)).keys());
  const manifest = manifestOfRegistry(chain, registry, { attributed, passed });
  // Books from before there were versions are of the first one.
  const bookedBy = Object.fromEntries(Object.keys(versions).map((kind) => [kind, 1]));
  return { manifest, bookedBy, registry, indexedTo };
}
