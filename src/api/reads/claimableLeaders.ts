import { addressBytes, addressFromBytes } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { readBlockHash } from '../../store/read/chains/blockHash.js';
import { readReplaced } from '../../store/read/chains/replaced.js';
import {
  type ClaimableBase,
  readLargestShares,
} from '../../store/read/entitlements/claimableBase.js';
import { readOpenClaimed } from '../../store/read/entitlements/openClaims.js';
import { readOpenSnapshots } from '../../store/read/entitlements/openSnapshots.js';
import { StaleMomentError, unlessStale } from '../../store/read/holders/holderCache.js';
import { compareHolders } from '../../store/read/holders/holderPage.js';
import type { HolderKey } from '../../store/read/holders/holderRows.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { LeastRecentlyUsed } from './leastRecentlyUsed.js';

/** Shares until the next snapshot, and from which snapshot on they count. */
interface Base extends ClaimableBase {
  readonly firstId: number;
}

/** The beginning of a list by claimable revenue, as far as it was asked for. */
interface Leaders {
  readonly base: Base;
  /** Of the first shares, in order of what is left of them. */
  holders: readonly HolderKey[];
  /** Number of examined shares. */
  looked: number;
}

/** Claims that are looked up together. */
const CHUNK = 500;
/**
 * Balances to read, in turns (`readLargestEver`): few settle the top of the list in a moment, more the next pages. Deeper
 * ones are not kept.
 */
const BALANCES = [
  [100, 400],
  [100, 400, 1_500],
  [100, 400, 1_500, 5_000],
];

/** How much is read together, and kept. */
interface LeaderSizes {
  readonly chunk: number;
  readonly balances: readonly (readonly number[])[];
}

/**
 * The first holders by claimable revenue without computing it for all of them at every block.
 * What snapshots assigned changes with the next snapshot only; claims make it less. So the
 * shares are read and sorted once for each snapshot, and at a block the claims of those with
 * the largest shares are enough: the others cannot have more than their share.
 */
export class ClaimableLeaders {
  private readonly bases = new LeastRecentlyUsed<Base | null>(8);
  private readonly leaders = new LeastRecentlyUsed<Leaders | null>(24);
  private readonly growing = new WeakMap<Leaders, Promise<void>>();
  private readonly sizes: LeaderSizes;

  constructor(
    private readonly db: Queryable,
    sizes: Partial<LeaderSizes> = {},
  ) {
    this.sizes = { chunk: CHUNK, balances: BALANCES, ...sizes };
  }

  /**
   * The holders after `start`, the largest first, at the end of a block.
   *
   * @param start `null`: from the first one.
   * @returns `null` if the list cannot be had this way: too deep, fewer have anything, or balances are not indexed.
   */
  async after(
    token: TokenRecord,
    asOf: AsOf,
    start: HolderKey | null,
    limit: number,
  ): Promise<readonly HolderKey[] | null> {
    for (const balances of this.sizes.balances) {
      const leaders = await this.among(balances, token, asOf);
      // Balances are not indexed yet, or do not tell the order of shares.
      if (leaders === null) break;
      const found = await this.settled(leaders, token, asOf, start, limit);
      if (found !== null) return found;
    }
    return null;
  }

  /** @param balances turns of the walk */
  private among(
    balances: readonly number[],
    token: TokenRecord,
    asOf: AsOf,
  ): Promise<Leaders | null> {
    const key = `${token.number} ${asOf.block} ${asOf.hash} ${balances}`;
    return unlessStale(this.leaders.get(key, () => this.begin(balances, token, asOf)));
  }

  /** Examines shares until they settle the holders after `start`. @returns `null`: all of them do not */
  private async settled(
    leaders: Leaders,
    token: TokenRecord,
    asOf: AsOf,
    start: HolderKey | null,
    limit: number,
  ): Promise<readonly HolderKey[] | null> {
    for (;;) {
      const found = firstAfter(leaders, start, limit);
      if (found !== null) return found;
      if (leaders.looked >= leaders.base.shares.length) return null;
      await this.grow(leaders, token, asOf);
    }
  }

  private async begin(
    balances: readonly number[],
    token: TokenRecord,
    asOf: AsOf,
  ): Promise<Leaders | null> {
    const base = await this.base(balances, token, asOf);
    return base === null ? null : { base, holders: [], looked: 0 };
  }

  private async base(
    balances: readonly number[],
    token: TokenRecord,
    asOf: AsOf,
  ): Promise<Base | null> {
    const open = await readOpenSnapshots(this.db, token, asOf);
    if (open === null) return { firstId: 0, shares: [], end: null };
    const { firstId, lastId, block } = open;
    const hash = await readBlockHash(this.db, token.chainId, block);
    const key = `${token.number} ${firstId} ${lastId} ${block} ${hash} ${balances}`;
    return this.bases.get(key, async () => {
      const base = await readLargestShares(this.db, open, balances);
      // What a reorg has torn must not be found under the hash of a block that may come back.
      const [isReplaced] = await readReplaced(this.db, [asOf]);
      if (isReplaced !== false) throw new StaleMomentError(`block ${asOf.block} was replaced`);
      return base === null ? null : { firstId, ...base };
    });
  }

  /** Once at a time: several requests want the same. */
  private async grow(leaders: Leaders, token: TokenRecord, asOf: AsOf): Promise<void> {
    let growing = this.growing.get(leaders);
    if (growing === undefined) {
      growing = this.look(leaders, token, asOf).finally(() => this.growing.delete(leaders));
      this.growing.set(leaders, growing);
    }
    await growing;
  }

  private async look(leaders: Leaders, token: TokenRecord, asOf: AsOf): Promise<void> {
    const { base, looked } = leaders;
    const shares = base.shares.slice(looked, looked + this.sizes.chunk);
    const paid = await readOpenClaimed(this.db, {
      tokenNumber: token.number,
      firstId: base.firstId,
      block: asOf.block,
      accounts: shares.map(({ account }) => account),
    });
    const found = shares.map(({ account, wei }, index): HolderKey => {
      return { account: addressFromBytes(account), value: wei - (paid[index] ?? 0n) };
    });
    leaders.holders = [...leaders.holders, ...found].sort(compareHolders);
    leaders.looked += shares.length;
  }
}

/** `null` if the examined shares do not settle it, or too few of them are not 0. */
function firstAfter(
  { base, holders, looked }: Leaders,
  start: HolderKey | null,
  limit: number,
): readonly HolderKey[] | null {
  const first =
    start === null ? 0 : holders.findIndex((holder) => compareHolders(holder, start) > 0);
  if (first === -1) return null;
  const found = holders.slice(first, first + limit);
  const last = found.at(-1);
  if (last === undefined || found.length < limit || last.value === 0n) return null;
  return isBefore(last, restOf(base, looked)) ? found : null;
}

/** The place after which all shares are that were not examined; `null`: they all were. */
function restOf({ shares, end }: Base, looked: number): Rest | null {
  const next = shares[looked];
  if (next !== undefined) return next;
  return end;
}

interface Rest {
  readonly wei: bigint;
  /** `null`: of any account. */
  readonly account: Buffer | null;
}

/** Whether a holder comes before all shares from a place on: claims only make them less. */
function isBefore({ account, value }: HolderKey, rest: Rest | null): boolean {
  if (rest === null || value !== rest.wei) return rest === null || value > rest.wei;
  return rest.account !== null && Buffer.compare(addressBytes(account), rest.account) <= 0;
}
