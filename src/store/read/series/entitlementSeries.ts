import { type Address, addressBytes } from '../../../address.js';
import {
  type BalanceCheckpoint,
  currentFigures,
  type Entitlement,
  type ShareOfSnapshot,
  type SnapshotsStanding,
  snapshotShares,
  snapshotsStanding,
} from '../../../ledger/entitlement.js';
import { lastSnapshotId, type PoolState } from '../../../ledger/state.js';
import { rulesAt } from '../../../ledger/terms.js';
import { newestCheckpoint } from '../holders/checkpointWalk.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { TokenRecord } from '../tokens/tokens.js';
import { readBalanceSeries } from './balanceSeries.js';
import { readPoolSeries } from './poolSeries.js';

/** Some accounts of a token at the ends of some blocks. */
export interface EntitlementSeriesKey {
  readonly token: TokenRecord;
  readonly accounts: readonly Address[];
  /** Number of the books in an asset; that of the token for ETH. */
  readonly bookNumber: number;
  /** In ascending order, each once; none before the deployment. */
  readonly blocks: readonly number[];
}

/**
 * Returns what each account is owed, was paid and missed at the end of each block: by block, then in the order
 * of the accounts. The rows of all blocks are read together, and what a snapshot gave is computed once.
 *
 * @param readPools the pools at the ends of the blocks; those of all accounts are the same
 */
export async function readEntitlementSeries(
  db: Queryable,
  key: EntitlementSeriesKey,
  readPools: () => Promise<readonly PoolState[]> = () =>
    readPoolSeries(db, key.bookNumber, key.blocks),
): Promise<Entitlement[][]> {
  const { token, accounts, blocks } = key;
  if (blocks.length === 0) return [];
  const [states, balances, atSnapshots, claims, redemptions] = await Promise.all([
    readPools(),
    readBalanceSeries(db, { tokenNumber: token.number, accounts, blocks }),
    readSnapshotBalances(db, key),
    readClaims(db, key),
    readRedemptions(db, key),
  ]);
  const last = states.at(-1) ?? { snapshots: [] };
  const holders = accounts.map((_, account) => {
    const shares = snapshotShares(last, atSnapshots[account] ?? []);
    return new HolderSeries(shares, claims[account] ?? [], redemptions[account] ?? []);
  });
  return blocks.map((block, place) => {
    const state = states[place];
    if (state === undefined) throw new RangeError(`no pools of block ${block}`);
    const rules = rulesAt(token.rules, block);
    return holders.map((holder, account) => {
      const balance = balances[account]?.[place] ?? 0n;
      holder.moveTo(place);
      return {
        ...holder.standing(rules.terms, state),
        ...currentFigures(rules, state, balance),
        redeemedWei: holder.redeemedWei,
      };
    });
  });
}

/** What happened at a place among the blocks: after the one before, and not after it. */
interface Placed {
  readonly place: number;
}

interface PlacedClaim extends Placed {
  readonly snapshotId: number;
  readonly amountWei: bigint;
}

interface PlacedRedemption extends Placed {
  readonly amountWei: bigint;
}

/** One holder from block to block. */
class HolderSeries {
  redeemedWei = 0n;
  private claims: ReadonlyMap<number, bigint> = new Map();
  private nextClaim = 0;
  private nextRedemption = 0;
  /** The newest standing, and what it was computed of. */
  private known: { readonly of: readonly unknown[]; readonly standing: SnapshotsStanding } | null =
    null;

  /** Claims and redemptions in the order of their places. */
  constructor(
    private readonly shares: readonly ShareOfSnapshot[],
    private readonly allClaims: readonly PlacedClaim[],
    private readonly allRedemptions: readonly PlacedRedemption[],
  ) {}

  moveTo(place: number): void {
    const first = this.nextClaim;
    while ((this.allClaims[this.nextClaim]?.place ?? place + 1) <= place) this.nextClaim++;
    if (this.nextClaim > first) {
      const claims = this.allClaims.slice(0, this.nextClaim);
      this.claims = new Map(claims.map(({ snapshotId, amountWei }) => [snapshotId, amountWei]));
    }
    for (;;) {
      const redemption = this.allRedemptions[this.nextRedemption];
      if (redemption === undefined || redemption.place > place) return;
      this.redeemedWei += redemption.amountWei;
      this.nextRedemption++;
    }
  }

  /** Changes with a snapshot, a claim of the holder or the window only. */
  standing(terms: Parameters<typeof snapshotsStanding>[0], state: PoolState): SnapshotsStanding {
    const of = [lastSnapshotId(state), terms.window, this.claims];
    if (this.known === null || of.some((value, index) => this.known?.of[index] !== value)) {
      const shares = this.shares.slice(0, lastSnapshotId(state));
      this.known = { of, standing: snapshotsStanding(terms, shares, this.claims) };
    }
    return this.known.standing;
  }
}

/** `balanceAt` of each account and snapshot up to the last block, as checkpoints by account. */
async function readSnapshotBalances(
  db: Queryable,
  { token, accounts, blocks }: EntitlementSeriesKey,
): Promise<BalanceCheckpoint[][]> {
  const rows = await readRows<{
    readonly ordinal: number;
    readonly snapshot_id: number;
    readonly balance: string;
  }>(
    db,
    'series_snapshot_balances',
    `SELECT k.ordinal, s.snapshot_id, c.balance
     FROM ${ACCOUNTS}
     JOIN snapshot s ON s.token_number = $1 AND s.block_number <= $3
     CROSS JOIN LATERAL (
       ${newestCheckpoint('$1', 'k', 's.block_number', 'b."interval" < s.snapshot_id')}
     ) c ORDER BY k.ordinal, s.snapshot_id`,
    [token.number, accounts.map(addressBytes), blocks.at(-1)],
  );
  const checkpoints: BalanceCheckpoint[][] = accounts.map(() => []);
  for (const { ordinal, snapshot_id, balance } of rows) {
    const interval = snapshot_id - 1;
    checkpoints[Number(ordinal) - 1]?.push({ interval, balance: BigInt(balance) });
  }
  return checkpoints;
}

/** SQL of the place of a row's block among the blocks `$3`. */
const PLACE = 'width_bucket(r.block_number, $3::bigint[])';
const ACCOUNTS = 'unnest($2::bytea[]) WITH ORDINALITY AS k(account, ordinal)';

function placed({ bookNumber, accounts, blocks }: EntitlementSeriesKey): unknown[] {
  // A row in the block itself belongs to its end.
  return [bookNumber, accounts.map(addressBytes), blocks.map((block) => block + 1), blocks.at(-1)];
}

async function readClaims(db: Queryable, key: EntitlementSeriesKey): Promise<PlacedClaim[][]> {
  const rows = await readRows<{
    readonly ordinal: number;
    readonly place: number;
    readonly snapshot_id: number;
    readonly amount_wei: string;
  }>(
    db,
    'series_claims',
    `SELECT k.ordinal, ${PLACE} AS place, r.snapshot_id, r.amount_wei FROM ${ACCOUNTS}
     JOIN claim r ON r.holder = k.account AND r.token_number = $1 AND r.block_number <= $4
     ORDER BY k.ordinal, place`,
    placed(key),
  );
  const claims: PlacedClaim[][] = key.accounts.map(() => []);
  for (const { ordinal, place, snapshot_id: snapshotId, amount_wei } of rows) {
    claims[Number(ordinal) - 1]?.push({ place, snapshotId, amountWei: BigInt(amount_wei) });
  }
  return claims;
}

async function readRedemptions(
  db: Queryable,
  key: EntitlementSeriesKey,
): Promise<PlacedRedemption[][]> {
  const rows = await readRows<{
    readonly ordinal: number;
    readonly place: number;
    readonly amount_wei: string;
  }>(
    db,
    'series_redemptions',
    `SELECT k.ordinal, ${PLACE} AS place, sum(r.amount_wei) AS amount_wei FROM ${ACCOUNTS}
     JOIN redemption r ON r.holder = k.account AND r.token_number = $1 AND r.block_number <= $4
     GROUP BY 1, 2 ORDER BY 1, 2`,
    placed(key),
  );
  const redemptions: PlacedRedemption[][] = key.accounts.map(() => []);
  for (const { ordinal, place, amount_wei } of rows) {
    redemptions[Number(ordinal) - 1]?.push({ place, amountWei: BigInt(amount_wei) });
  }
  return redemptions;
}
