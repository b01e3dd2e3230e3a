import { type Address, addressBytes } from '../../../address.js';
import { ImoError } from '../../../errors.js';
import { keysIn, keysUpTo, RankCounter, rankKey } from '../../rankKeys.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { type RankChanges, ranksNotKept, readLiveChanges } from './liveRanks.js';

/** A holder of a token at the ends of some blocks. */
export interface RankKey {
  readonly tokenNumber: number;
  readonly account: Address;
  /** In ascending order of the blocks. */
  readonly balances: readonly { readonly block: number; readonly balance: bigint }[];
}

/** What the ranks of all holders of a token at some blocks are counted from. */
export interface RankBase {
  readonly grid: RankGridRow;
  /** For each block in ascending order, the last kept one that is not after it; -1: there is none. */
  readonly keptBlocks: ReadonlyMap<number, number>;
  /** What changed between these two; `null`: there is too much for one read. */
  readonly live: readonly RankChanges[] | null;
}

interface RankGridRow {
  /** `null`: no day is kept. */
  readonly id: string | null;
  readonly bounds: readonly Buffer[];
}

/** @param blocks in ascending order; -1 before the first block */
export async function readRankBase(
  db: Queryable,
  tokenNumber: number,
  blocks: readonly number[],
): Promise<RankBase> {
  const grid = await readGrid(db, tokenNumber);
  const keptBlocks = keptBefore(blocks, await readKeptBlocks(db, tokenNumber, blocks.at(-1) ?? -1));
  const spans = [...keptBlocks].map(([block, lastBlock]) => ({ block, lastBlock }));
  return { grid, keptBlocks, live: await readLiveChanges(db, tokenNumber, spans) };
}

/** About so many figures are in it. */
export function figuresOfRanks({ grid, keptBlocks, live }: RankBase): number {
  return 2 * grid.bounds.length + 2 * keptBlocks.size + 4 * (live?.length ?? 0);
}

/**
 * Returns the rank of a holder at the end of each block: 1 for the largest balance, equal balances in the order of
 * their accounts, as in the list of holders. `null` without a balance.
 *
 * Up to the last kept day before a block, the number of holders before a page of the order is kept, and what
 * came and left in the page is counted. What changed since that day is read from the balances.
 *
 * @param readBase what the ranks of all holders at the blocks share
 * @throws ImoError `RANKS_NOT_KEPT` or `RANKS_CHANGED`
 */
export async function readRanks(
  db: Queryable,
  { tokenNumber, account, balances }: RankKey,
  readBase: () => Promise<RankBase> = () =>
    readRankBase(
      db,
      tokenNumber,
      balances.map(({ block }) => block),
    ),
): Promise<(number | null)[]> {
  const base = await readBase();
  const places = placesOf(account, balances, base);
  if (places.length === 0) return balances.map(() => null);
  const [aboveOf, inPages, live] = await Promise.all([
    readAbove(db, tokenNumber, places),
    readPageChanges(db, tokenNumber, places),
    base.live ?? readLiveChanges(db, tokenNumber, places),
  ]);
  if (live === null) throw ranksNotKept();
  // Pages that were cut again meanwhile would mix two orders.
  if ((await readGrid(db, tokenNumber)).id !== base.grid.id) throw changedMeanwhile(tokenNumber);
  const onDays = places.map(({ page, lastBlock, key }) => ({ group: page, block: lastBlock, key }));
  const since = places.map(({ lastBlock, block, key }) => ({ group: lastBlock, block, key }));
  const [kept, later] = [countChanges(onDays, inPages), countChanges(since, live)];
  const ranks: (number | null)[] = balances.map(() => null);
  for (const [at, place] of places.entries()) {
    const above = place.lastBlock < 0 ? 0 : aboveOf.get(nameOfPageDay(place));
    if (above === undefined) throw changedMeanwhile(tokenNumber);
    ranks[place.index] = 1 + above + (kept[at] ?? 0) + (later[at] ?? 0);
  }
  return ranks;
}

/** A place of the holder in the order, at the end of a block. */
interface Place {
  /** Among the balances. */
  readonly index: number;
  readonly block: number;
  /** The last kept block that is not after it; -1: none. */
  readonly lastBlock: number;
  readonly key: Buffer;
  readonly page: number;
}

function placesOf(
  account: Address,
  balances: RankKey['balances'],
  { grid, keptBlocks }: RankBase,
): Place[] {
  const bytes = addressBytes(account);
  const places: Place[] = [];
  let newest: Pick<Place, 'key' | 'page'> & { readonly balance: bigint } = {
    balance: 0n,
    key: NOTHING,
    page: 0,
  };
  for (const [index, { block, balance }] of balances.entries()) {
    if (balance === 0n) continue;
    if (newest.balance !== balance) {
      const key = rankKey(balance, bytes);
      newest = { balance, key, page: keysUpTo(grid.bounds, key, 0, key.length) };
    }
    const { key, page } = newest;
    places.push({ index, block, lastBlock: keptBlocks.get(block) ?? -1, key, page });
  }
  return places;
}

async function readGrid(db: Queryable, tokenNumber: number): Promise<RankGridRow> {
  const [row] = await readRows<{ readonly grid: string | number; readonly bounds: Buffer }>(
    db,
    'rank_bounds',
    'SELECT grid, bounds FROM rank_grid WHERE token_number = $1',
    [tokenNumber],
  );
  if (row === undefined) return { id: null, bounds: [] };
  return { id: String(row.grid), bounds: keysIn(row.bounds) };
}

/** The last blocks of all kept days up to a block, in ascending order. */
async function readKeptBlocks(
  db: Queryable,
  tokenNumber: number,
  upTo: number,
): Promise<readonly number[]> {
  const rows = await readRows<{ readonly last_block: string | number }>(
    db,
    'rank_days',
    `SELECT last_block FROM rank_day WHERE token_number = $1 AND last_block <= $2
     ORDER BY last_block`,
    [tokenNumber, upTo],
  );
  return rows.map(({ last_block }) => Number(last_block));
}

/** Both ascend. */
function keptBefore(
  blocks: readonly number[],
  keptBlocks: readonly number[],
): ReadonlyMap<number, number> {
  let next = 0;
  return new Map(
    blocks.map((block) => {
      while ((keptBlocks[next] ?? block + 1) <= block) next++;
      return [block, keptBlocks[next - 1] ?? -1];
    }),
  );
}

function nameOfPageDay({ page, lastBlock }: Pick<Place, 'page' | 'lastBlock'>): string {
  return `${page} ${lastBlock}`;
}

/**
 * How many holders were before the pages of some places at the ends of the kept days, by `nameOfPageDay`. A holder
 * mostly stays in one page for long, and the days of that time are read in one scan.
 */
async function readAbove(
  db: Queryable,
  tokenNumber: number,
  places: readonly Place[],
): Promise<ReadonlyMap<string, number>> {
  const stays: { readonly page: number; readonly first: number; last: number }[] = [];
  for (const { page, lastBlock } of places) {
    const stay = stays.at(-1);
    if (stay?.page === page) stay.last = lastBlock;
    else stays.push({ page, first: lastBlock, last: lastBlock });
  }
  const rows = await readRows<{
    readonly page: number;
    readonly last_block: string | number;
    readonly above: number;
  }>(
    db,
    'rank_above',
    `SELECT k.page, d.last_block, d.above[k.page + 1] AS above
     FROM unnest($2::integer[], $3::bigint[], $4::bigint[]) AS k(page, first_block, last_block)
     JOIN rank_day d ON d.token_number = $1
       AND d.last_block >= k.first_block AND d.last_block <= k.last_block`,
    [
      tokenNumber,
      stays.map(({ page }) => page),
      stays.map(({ first }) => first),
      stays.map(({ last }) => last),
    ],
  );
  return new Map(
    rows.map(({ page, last_block, above }) => [
      nameOfPageDay({ page, lastBlock: Number(last_block) }),
      above,
    ]),
  );
}

/** What came and left in the pages of some places, in the order of the days. */
async function readPageChanges(
  db: Queryable,
  tokenNumber: number,
  places: readonly Place[],
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

interface CountedPlace {
  readonly group: number;
  readonly block: number;
  readonly key: Buffer;
}

/**
 * Counts the holders that came before each place less those that left, by the changes of its group up to its
 * block. Places and changes ascend by block within a group.
 */
function countChanges(
  places: readonly CountedPlace[],
  changes: readonly RankChanges[],
): readonly number[] {
  const counts = places.map(() => 0);
  const ofGroup = grouped(changes);
  for (const [group, indexes] of indexesByGroup(places)) {
    const inOrder = ofGroup.get(group) ?? [];
    if (inOrder.length === 0) continue;
    const counter = new RankCounter(indexes.map((index) => places[index]?.key ?? NOTHING));
    let next = 0;
    for (const index of indexes) {
      const { block, key } = places[index] ?? NOWHERE;
      for (; (inOrder[next]?.block ?? block + 1) <= block; next++) {
        counter.add(inOrder[next]?.changes ?? NOTHING);
      }
      counts[index] = counter.before(key);
    }
  }
  return counts;
}

const NOTHING = Buffer.alloc(0);
const NOWHERE: CountedPlace = { group: -1, block: -1, key: NOTHING };

function indexesByGroup(places: readonly CountedPlace[]): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  for (const [index, { group }] of places.entries()) {
    const indexes = groups.get(group);
    if (indexes === undefined) groups.set(group, [index]);
    else indexes.push(index);
  }
  return groups;
}

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
