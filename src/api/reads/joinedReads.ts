import type { Entitlement } from '../../ledger/entitlement.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { type IndexedTokens, readIndexedTokens } from '../../store/read/chains/indexedTokens.js';
import { readReplaced } from '../../store/read/chains/replaced.js';
import {
  type EntitlementKey,
  entitlementName,
  readEntitlements,
} from '../../store/read/entitlements/entitlements.js';
import { type BalanceKey, readBalances } from '../../store/read/holders/holderPositions.js';
import {
  type HolderPart,
  type HolderRows,
  partName,
  readHolderParts,
} from '../../store/read/holders/holderRows.js';
import { isWholeList } from '../../store/read/holders/holderScope.js';
import type { Queryable } from '../../store/read/query/queryable.js';
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
  /** Part of a list of holders; one that is narrowed is read by itself. */
  holders(part: HolderPart): Promise<HolderRows>;
  /** For each moment, whether its block was taken back or replaced. */
  replaced(moments: readonly AsOf[]): Promise<readonly boolean[]>;
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
  const holders = new JoinedRead<HolderPart, HolderRows>(
    (parts) => readHolderParts(db, parts),
    partName,
    { atOnce: 4, together: PAGES_TOGETHER },
  );
  const replaced = new JoinedRead<AsOf, boolean>(
    (moments) => readReplaced(db, moments),
    ({ chainId, block, hash }) => `${chainId} ${block} ${hash}`,
    { atOnce: 1 },
  );
  return {
    indexed: async () => only(await indexed.read(ONLY_QUESTION)),
    balances: (keys) => balances.read(keys),
    entitlements: (keys) => entitlements.read(keys),
    holders: async (part) =>
      only(await (isWholeList(part) ? holders.read([part]) : readHolderParts(db, [part]))),
    replaced: (moments) => replaced.read(moments),
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
    replaced: async (moments) => going().replaced(moments),
  };
}
