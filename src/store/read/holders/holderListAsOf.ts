import { addressBytes } from '../../../address.js';
import { canShareOverflow, snapshotShareWei } from '../../../ledger/entitlement.js';
import type { SnapshotPool } from '../../../ledger/state.js';
import type { Page, PageRequest } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { areBalancesIndexed } from './balanceWalk.js';
import { compareHolders, type HolderListOrder, readHolderPage } from './holderPage.js';
import {
  beginsInside,
  type HolderFigure,
  type HolderKey,
  type ListedHolder,
  type OrderedPart,
} from './holderRows.js';
import {
  accountsFrom,
  balancesFrom,
  countScanned,
  type HoldersAsOf,
  holdingThem,
  payees,
  scanHolders,
} from './holderScan.js';

/** How much a list may examine. Each function throws where that is too much. */
export interface Looking {
  /** Before everybody is examined. */
  everybody(): Promise<void>;
  /** Before all payments of a kind are added up, for conditions on those who were paid. */
  payments(table: 'claim' | 'redemption'): Promise<void>;
  /** After some accounts or balances, before the next ones. */
  goOn(looked: number): void;
}

/** A list of holders as of a block. */
export interface HolderListAsOf extends HoldersAsOf {
  /** Whether conditions on the account leave few of them, by an index. */
  readonly isOfFew: boolean;
  /** Whether it has no conditions. */
  readonly isWhole: boolean;
  readonly looking: Looking;
  /** Default: those that a server needs. */
  readonly sizes?: ScanSizes;
}

type Part = OrderedPart<HolderFigure>;

/** How much a statement looks at. */
interface ScanSizes {
  /** Accounts of a statement: it takes half a second at most. */
  readonly accounts: number;
  readonly atLeast: number;
  /** Where balances on the way help no further, everybody is examined. */
  readonly balances: number;
}

const SIZES: ScanSizes = { accounts: 20_000, atLeast: 250, balances: 200_000 };
/** If the first accounts do not fill a part, the next statement looks at so many times as many. */
const GROWTH = 8;
const LOOKED_FOR_A_ROW = 2;

/** Reads a page of a list of holders as of any block. */
export function readListAsOf(
  db: Queryable,
  list: HolderListAsOf,
  order: HolderListOrder<HolderFigure>,
  request: PageRequest<HolderKey>,
): Promise<Page<ListedHolder>> {
  return readHolderPage((part) => readPart(db, list, part), order, request);
}

/**
 * Reads a part of the list. PostgreSQL filters, sorts and cuts it. It examines accounts in the
 * order of an index, some at a time, and only rows of the part leave the database:
 *
 * - By balance: along the index of all balances that anybody ever had, until the part is full.
 * - Holders with a payment above 0: the payments up to the block, added up.
 * - Holders with nothing: in the order of their accounts, until the part is full.
 * - By claimable revenue, the largest first: nobody has more than the largest balance that it ever had gives. So the
 *   walk along these balances ends where they give less than the last row of the part.
 * - Everything else examines everybody, and each statement returns its first rows.
 */
async function readPart(
  db: Queryable,
  list: HolderListAsOf,
  part: Part,
): Promise<readonly ListedHolder[]> {
  if (part.group === 'unpaid') {
    return excludesUnpaid(list, part) ? [] : walkAccounts(db, list, part);
  }
  if (part.metric === 'claimedWei' || part.metric === 'redeemedWei') {
    const { metric } = part;
    if (!list.isWhole && !list.isOfFew) {
      await list.looking.payments(metric === 'claimedWei' ? 'claim' : 'redemption');
    }
    return (await scanHolders(db, list, part, payees(list, metric))).rows;
  }
  if (part.metric === 'claimableWei' && list.open === null) return [];
  const isByBalance = !list.isOfFew && (await areBalancesIndexed(db));
  const walk = part.metric === 'balance' ? walkBalances : walkShares;
  const walked = isByBalance ? await walk(db, list, part) : null;
  return walked ?? firstOfAll(db, list, part);
}

/** Counts the holders of a list. */
export async function countHoldersAsOf(db: Queryable, list: HolderListAsOf): Promise<number> {
  if (!list.isOfFew) await list.looking.everybody();
  let count = 0;
  await overAccounts(list, async (start, most) => {
    const found = await countScanned(db, list, accountsFrom(list, start, true, most));
    count += found.count;
    return found;
  });
  return count;
}

/** Whether the filter leaves only holders with something of the figure. */
function excludesUnpaid({ filter }: HolderListAsOf, { metric }: Part): boolean {
  const { minClaimableWei, minClaimedWei, minRedeemedWei, minBalance } = filter;
  const least = {
    balance: minBalance,
    claimableWei: minClaimableWei,
    claimedWei: minClaimedWei,
    redeemedWei: minRedeemedWei,
  }[metric];
  return (least ?? 0n) > 0n;
}

/** Holders with the same figure, in the order of their accounts. */
async function walkAccounts(db: Queryable, list: HolderListAsOf, part: Part) {
  const { accounts } = sizesOf(list);
  const rows: ListedHolder[] = [];
  let start = beginsInside(part) && part.start !== null ? addressBytes(part.start.account) : null;
  for (let most = firstSize(list, part); ; most = Math.min(most * GROWTH, accounts)) {
    const rest = { ...part, limit: part.limit - rows.length };
    const candidates = accountsFrom(list, start, part.isDescending, most);
    const found = await scanHolders(db, list, rest, candidates);
    rows.push(...found.rows);
    if (rows.length >= part.limit || found.looked < most || found.end === null) return rows;
    list.looking.goOn(found.looked);
    start = addressBytes(found.end.account);
  }
}

/** @returns `null` if too many balances on the way did not hold at the block */
async function walkBalances(db: Queryable, list: HolderListAsOf, part: Part) {
  const rows: ListedHolder[] = [];
  let { start } = part;
  for (const most of sizesFor(list, part)) {
    const place = { start, isDescending: part.isDescending, most };
    const rest = { ...part, limit: part.limit - rows.length };
    const candidates = holdingThem(balancesFrom(list, place, list.filter));
    const found = await scanHolders(db, list, rest, candidates);
    rows.push(...found.rows);
    if (rows.length >= part.limit || found.looked < most || found.end === null) return rows;
    list.looking.goOn(found.looked);
    start = found.end;
  }
  return null;
}

/** @returns `null` if balances do not settle the part */
async function walkShares(db: Queryable, list: HolderListAsOf, part: Part) {
  const pools = list.open?.pools ?? [];
  // Where the contract reverts for large balances, a larger balance may have a smaller share.
  if (!part.isDescending || pools.some(canShareOverflow)) return null;
  let rows: ListedHolder[] = [];
  let start: HolderKey | null = null;
  for (const most of sizesFor(list, part)) {
    const candidates = balancesFrom(list, { start, isDescending: true, most });
    const found = await scanHolders(db, list, part, candidates);
    rows = firstRows([...rows, ...found.rows], part);
    start = found.end;
    const isOver = start === null || found.looked < most;
    const othersAtMost = isOver ? 0n : sharesOf(pools, start?.value ?? 0n);
    const settled = rows.filter(({ value }) => value > othersAtMost);
    if (othersAtMost === 0n || settled.length >= part.limit) return settled;
    list.looking.goOn(found.looked);
  }
  return null;
}

/** What a balance gives in all open snapshots together, in wei. */
function sharesOf(pools: readonly SnapshotPool[], balance: bigint): bigint {
  return pools.reduce((sum, pool) => sum + snapshotShareWei(pool, balance), 0n);
}

async function firstOfAll(db: Queryable, list: HolderListAsOf, part: Part) {
  if (!list.isOfFew) await list.looking.everybody();
  let rows: ListedHolder[] = [];
  await overAccounts(list, async (start, most) => {
    const found = await scanHolders(db, list, part, accountsFrom(list, start, true, most));
    rows = firstRows([...rows, ...found.rows], part);
    return found;
  });
  return rows;
}

/** The first of some rows in the order of a part, each account once. */
function firstRows(rows: readonly ListedHolder[], { isDescending, limit }: Part): ListedHolder[] {
  const distinct = [...new Map(rows.map((row) => [row.account, row])).values()];
  const sign = isDescending ? 1 : -1;
  return distinct.sort((left, right) => sign * compareHolders(left, right)).slice(0, limit);
}

/** Looks at all accounts, some at a time. */
async function overAccounts(
  list: HolderListAsOf,
  look: (start: Buffer | null, most: number) => Promise<{ looked: number; end: HolderKey | null }>,
): Promise<void> {
  const { accounts } = sizesOf(list);
  let start: Buffer | null = null;
  for (;;) {
    const { looked, end } = await look(start, accounts);
    if (looked < accounts || end === null) return;
    list.looking.goOn(looked);
    start = addressBytes(end.account);
  }
}

function sizesOf({ sizes = SIZES }: HolderListAsOf): ScanSizes {
  return sizes;
}

function firstSize(list: HolderListAsOf, { limit }: Part): number {
  return Math.max(sizesOf(list).atLeast, LOOKED_FOR_A_ROW * limit);
}

/** Sizes of the statements of a walk along balances. */
function* sizesFor(list: HolderListAsOf, part: Part): Generator<number> {
  const { accounts, balances } = sizesOf(list);
  let looked = 0;
  for (
    let most = firstSize(list, part);
    looked < balances;
    most = Math.min(most * GROWTH, accounts)
  ) {
    yield most;
    looked += most;
  }
}
