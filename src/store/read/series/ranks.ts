import { type Address, addressBytes } from '../../../address.js';
import { ImoError } from '../../../errors.js';
import { keysIn, keysUpTo, RankCounter, rankKey } from '../../rankKeys.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { type RankChanges, readLiveChanges } from './liveRanks.js';

/** A holder of a token at the ends of some blocks. */
export interface RankKey {
  readonly tokenNumber: number;
  readonly account: Address;
  /** In ascending order of the blocks. */
  readonly balances: readonly { readonly block: number; readonly balance: bigint }[];
}

/**
 * Returns the rank of a holder at the end of each block: 1 for the largest balance, equal balances in the order of
 * their accounts, as in the list of holders. `null` without a balance.
 *
 * Up to the last kept day before a block, the number of holders before a page of the order is kept, and what
 * came and left in the page is counted. What changed since that day is read from the balances.
 *
 * @throws ImoError `RANKS_NOT_KEPT` or `RANKS_CHANGED`
 */
export async function readRanks(
  db: Queryable,
  { tokenNumber, account, balances }: RankKey,
): Promise<(number | null)[]> {
  const grid = await readGrid(db, tokenNumber);
  const bytes = addressBytes(account);
  const held = balances.flatMap(({ block, balance }, index) => {
    if (balance === 0n) return [];
    const key = rankKey(balance, bytes);
    return [{ index, block, key, page: keysUpTo(grid.bounds, key, 0, key.length) }];
  });
  if (held.length === 0) return balances.map(() => null);
  const days = await readKeptDays(db, tokenNumber, held);
  const places = held.map((place, index) => ({ ...place, ...(days[index] ?? NOTHING_KEPT) }));
  const live = await readLiveChanges(db, tokenNumber, places);
  const inPages = await readPageChanges(db, tokenNumber, places);
  // Pages that were cut again meanwhile would mix two orders.
  if ((await readGrid(db, tokenNumber)).id !== grid.id) throw changedMeanwhile(tokenNumber);
  const onDays = places.map(({ page, lastBlock, key }) => ({ group: page, block: lastBlock, key }));
  const since = places.map(({ lastBlock, block, key }) => ({ group: lastBlock, block, key }));
  const [kept, later] = [countChanges(onDays, inPages), countChanges(since, live)];
  const ranks: (number | null)[] = balances.map(() => null);
  for (const [place, { index, above }] of places.entries()) {
    ranks[index] = 1 + above + (kept[place] ?? 0) + (later[place] ?? 0);
  }
  return ranks;
}

/** A place of the holder in the order, at the end of a block. */
interface Place {
  readonly block: number;
  readonly key: Buffer;
  readonly page: number;
}

interface KeptDay {
  /** The last kept block that is not after it; -1: none. */
  readonly lastBlock: number;
  /** Holders before the page then. */
  readonly above: number;
}

const NOTHING_KEPT: KeptDay = { lastBlock: -1, above: 0 };

async function readGrid(
  db: Queryable,
  tokenNumber: number,
): Promise<{ readonly id: string | null; readonly bounds: readonly Buffer[] }> {
  const [row] = await readRows<{ readonly grid: string | number; readonly bounds: Buffer }>(
    db,
    'rank_bounds',
    'SELECT grid, bounds FROM rank_grid WHERE token_number = $1',
    [tokenNumber],
  );
  if (row === undefined) return { id: null, bounds: [] };
  return { id: String(row.grid), bounds: keysIn(row.bounds) };
}

async function readKeptDays(
  db: Queryable,
  tokenNumber: number,
  places: readonly Place[],
): Promise<KeptDay[]> {
  const rows = await readRows<{
    readonly ordinal: number;
    readonly last_block: number;
    readonly above: number;
  }>(
    db,
    'rank_days',
    `SELECT k.ordinal, d.last_block, d.above[k.page + 1] AS above
     FROM unnest($2::bigint[], $3::integer[]) WITH ORDINALITY AS k(block, page, ordinal)
     CROSS JOIN LATERAL (
       SELECT last_block, above FROM rank_day
       WHERE token_number = $1 AND last_block <= k.block ORDER BY last_block DESC LIMIT 1
     ) d`,
    [tokenNumber, places.map(({ block }) => block), places.map(({ page }) => page)],
  );
  const kept = places.map(() => NOTHING_KEPT);
  for (const { ordinal, last_block, above } of rows) {
    kept[Number(ordinal) - 1] = { lastBlock: Number(last_block), above };
  }
  return kept;
}

/** What came and left in the pages of some places, in the order of the days. */
async function readPageChanges(
  db: Queryable,
  tokenNumber: number,
  places: readonly (Place & KeptDay)[],
): Promise<RankChanges[]> {
  const rows = await readRows<{
    readonly page: number;
    readonly last_block: number;
    readonly changes: Buffer;
  }>(
    db,
    'rank_changes',
    `SELECT page, last_block, changes FROM rank_change
     WHERE token_number = $1 AND page = ANY($2) AND last_block <= $3 ORDER BY page, last_block`,
    [
      tokenNumber,
      [...new Set(places.map(({ page }) => page))],
      Math.max(...places.map(({ lastBlock }) => lastBlock)),
    ],
  );
  return rows.map(({ page, last_block, changes }) => {
    return { group: page, block: Number(last_block), changes };
  });
}

/**
 * Counts the holders that came before each place less those that left, by the changes of its group up to its
 * block. Places and changes ascend by block within a group.
 */
function countChanges(
  places: readonly { readonly group: number; readonly block: number; readonly key: Buffer }[],
  changes: readonly RankChanges[],
): number[] {
  const counts = places.map(() => 0);
  const ofGroup = grouped(changes);
  for (const [group, indexed] of grouped(places.map((place, index) => ({ ...place, index })))) {
    const counter = new RankCounter(indexed.map(({ key }) => key));
    const inOrder = ofGroup.get(group) ?? [];
    let next = 0;
    for (const { index, block, key } of indexed) {
      for (; (inOrder[next]?.block ?? block + 1) <= block; next++) {
        counter.add(inOrder[next]?.changes ?? NO_CHANGES);
      }
      counts[index] = counter.before(key);
    }
  }
  return counts;
}

const NO_CHANGES = Buffer.alloc(0);

function grouped<Item extends { readonly group: number }>(
  items: readonly Item[],
): ReadonlyMap<number, readonly Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const group = groups.get(item.group);
    if (group === undefined) groups.set(item.group, [item]);
    else group.push(item);
  }
  return groups;
}

function changedMeanwhile(tokenNumber: number): ImoError {
  return new ImoError(
    'RANKS_CHANGED',
    `the kept days of token number ${tokenNumber} were replaced while they were read`,
    'Ask again. The days of a token that has grown much are kept again, which takes some minutes.',
  );
}
