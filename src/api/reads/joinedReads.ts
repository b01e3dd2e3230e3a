import type { Entitlement } from '../../ledger/entitlement.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { type IndexedTokens, readIndexedTokens } from '../../store/read/chains/indexedTokens.js';
import { readReplaced } from '../../store/read/chains/replaced.js';
import {
  type EntitlementKey,
  entitlementName,
  readEntitlements,
} from '../../store/read/entitlements/entitlements.js';
import {
  type HeldKey,
  type HeldTokens,
  heldName,
  readHeldTokens,
} from '../../store/read/holders/heldTokens.js';
import {
  type PartAsOf,
  partAsOfName,
  type RowsAsOf,
  readPartsAsOf,
} from '../../store/read/holders/holderPageAsOf.js';
import { type BalanceKey, readBalances } from '../../store/read/holders/holderPositions.js';
import {
  type HolderPart,
  type HolderRows,
  partName,
  readHolderParts,
} from '../../store/read/holders/holderRows.js';
import { isWholeList } from '../../store/read/holders/holderScope.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readRevision } from '../../store/read/query/revision.js';
import type { RequestRun } from '../limits/turns/requestRun.js';
import { JoinedRead } from './joinedRead.js';

/**
 * The reads that most requests need, each shared by the requests that ask at the same time. No
 * answer is kept: a read begins after all who get its answer have asked for it.
 */
export interface JoinedReads {
  indexed(): Promise<IndexedTokens>;
  /** In the order of the keys. */
  balances(keys: readonly BalanceKey[]): Promise<readonly (bigint | null)[]>;
  entitlements(keys: readonly EntitlementKey[]): Promise<readonly Entitlement[]>;
  /** What accounts held, and what their entitlements are computed from. */
  held(keys: readonly HeldKey[]): Promise<readonly HeldTokens[]>;
  /** Part of a list of holders; one that is narrowed is read by itself. */
  holders(part: HolderPart): Promise<HolderRows>;
  /** Part of a list of holders by balance as of a block. */
  holdersAsOf(part: PartAsOf): Promise<RowsAsOf>;
  /** For each moment, whether its block was taken back or replaced. */
  replaced(moments: readonly AsOf[]): Promise<readonly boolean[]>;
  /** The state of the database. */
  revision(): Promise<string | null>;
}

const ONLY_QUESTION = [null];
/** A busy server reads once for all requests within it; it is short compared with an answer. */
const REST_MS = 2;

/** More would save little, and each request would wait for all the others. */
const PAGES_TOGETHER = 8;

export function createJoinedReads(db: Queryable): JoinedReads {
  const indexed = new JoinedRead(
    async (keys: readonly null[]) => {
      const answer = await readIndexedTokens(db);
      return keys.map(() => answer);
    },
    () => '',
    { atOnce: 1, restMs: REST_MS },
  );
  const balances = new JoinedRead<BalanceKey, bigint | null>(
    (keys) => readBalances(db, keys),
    ({ account, tokenNumber, block }) => `${account} ${tokenNumber} ${block}`,
    { atOnce: 2 },
  );
  const entitlements = new JoinedRead<EntitlementKey, Entitlement>(
    (keys) => readEntitlements(db, keys),
    entitlementName,
    { atOnce: 2 },
  );
  const held = new JoinedRead<HeldKey, HeldTokens>((keys) => readHeldTokens(db, keys), heldName, {
    atOnce: 2,
  });
  const holders = new JoinedRead<HolderPart, HolderRows>(
    (parts) => readHolderParts(db, parts),
    partName,
    { atOnce: 4, together: PAGES_TOGETHER },
  );
  const holdersAsOf = new JoinedRead<PartAsOf, RowsAsOf>(
    (parts) => readPartsAsOf(db, parts),
    partAsOfName,
    { atOnce: 4, together: PAGES_TOGETHER },
  );
  const replaced = new JoinedRead<AsOf, boolean>(
    (moments) => readReplaced(db, moments),
    ({ chainId, block, hash }) => `${chainId} ${block} ${hash}`,
    { atOnce: 1 },
  );
  const revision = new JoinedRead<null, string | null>(
    async (keys) => {
      const answer = await readRevision(db);
      return keys.map(() => answer);
    },
    () => '',
    { atOnce: 1 },
  );
  return {
    indexed: async () => only(await indexed.read(ONLY_QUESTION)),
    balances: (keys) => balances.read(keys),
    entitlements: (keys) => entitlements.read(keys),
    holders: async (part) =>
      only(await (isWholeList(part) ? holders.read([part]) : readHolderParts(db, [part]))),
    held: (keys) => held.read(keys),
    holdersAsOf: async (part) => only(await holdersAsOf.read([part])),
    replaced: (moments) => replaced.read(moments),
    revision: async () => (await revision.read(ONLY_QUESTION))[0] ?? null,
  };
}

function only<Answer>([answer]: readonly Answer[]): Answer {
  if (answer === undefined) throw new RangeError('a read without an answer');
  return answer;
}

/** Those of the lane in which a request runs, which is known when it reads. */
export function joinedOf(
  joined: Readonly<Record<'cheap' | 'heavy', JoinedReads>>,
  run: RequestRun,
): JoinedReads {
  const going = () => {
    run.assertGoing();
    return joined[run.lane];
  };
  return {
    indexed: async () => going().indexed(),
    balances: async (keys) => going().balances(keys),
    entitlements: async (keys) => going().entitlements(keys),
    holders: async (part) => going().holders(part),
    held: async (keys) => going().held(keys),
    holdersAsOf: async (part) => going().holdersAsOf(part),
    replaced: async (moments) => going().replaced(moments),
    revision: async () => going().revision(),
  };
}
