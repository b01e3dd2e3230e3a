import { COMPUTED_HOLDERS } from '../../../config/serving.js';
import { type Given, holdersIn, isPageArgument, pageSizeOf } from './pageSize.js';
import { HOLDER_STEPS_AT_MOST, isSeries, stepsIn } from './seriesSize.js';

/**
 * What a field costs the database, in points: 20 for each millisecond. Estimated before anything is read;
 * `extensions.cost` says what it really was.
 *
 * @param millions rows of the books, in millions
 */
export type DatabaseCost = (given: Given, millions: number) => number;

const ROOT = 10;
const PAGE = 20;
// For each million rows:
/** A list that no index narrows is read to its end to find a page. */
const NARROWED = 4_000;
const COUNTED = 2_000;
const SERIES = 10_000;
/**
 * A search for each row among the places where prices change: 7.3 µs of the database's CPU, measured over two
 * million transfers with two crossed feeds, and a third of that as a reserve.
 */
const PRICED = 200_000;
/** The rounds themselves: tens of thousands are common. */
const ROUNDS = 2_000;
/** Over all holders of a token. */
const ALL_HOLDERS = 20_000;
/** Balance and payments of all holders as of a block: 7 µs each, measured over a million. */
const FIGURES = 140_000;
/** The same with what they can claim: 20 µs each, with four open snapshots. */
const CLAIMABLES = 400_000;
/** A list of holders looks at so many, in millions. */
const LOOKED_AT_MOST = COMPUTED_HOLDERS / 1_000_000;

/** Along the balances that holders ever had, past those that did not hold at the block. */
const WALK = 300;
/** Along them, with what these holders can claim. */
const CLAIMABLE_WALK = 3_000;
/** As a query names it, and as the default of the schema. */
const BY_BALANCE = new Set<unknown>(['BALANCE', 'balance', null]);
const BY_CLAIMABLE = new Set<unknown>(['CLAIMABLE', 'claimableWei']);
const DESCENDING = new Set<unknown>(['DESC', null]);
const BALANCE_BOUNDS = new Set(['minBalance', 'maxBalance']);

/** The state of a token at a moment, by three indexes. */
const LOOKUPS = 2;
const ENTITLEMENT = 10;
/** The newest rounds at the end of a step, for its balances. */
const PRICES = 4;

/** Conditions that an index fulfils. */
const INDEXED = new Set([
  'chainId',
  'token',
  'tokens',
  'holder',
  'account',
  'address',
  'payer',
  'contract',
  'oracle',
  'collection',
  'sale',
  'pool',
  'depositor',
  'asset',
  'block',
  'timestamp',
  'transactionHash',
  'snapshotId',
]);

const FIELDS: Readonly<Record<string, DatabaseCost>> = {
  'Query.claimPlan': () => 500,
  'Query.search': () => 300,
  'Query.claimPlans': (given) => 500 * holdersIn(given),
  'Query.burnPlan': () => 50,
  'Query.snapshotPlan': () => 30,
  'Query.person': (given) => ROOT + 2 * ENTITLEMENT * holdersIn(given),
  'Query.personSeries': (given) =>
    PAGE +
    ENTITLEMENT * Math.min(stepsIn(given) * holdersIn(given), HOLDER_STEPS_AT_MOST) +
    stepPrices(given),
  'Query.entitlementProof': (_, millions) => ALL_HOLDERS * millions,
  'Query.trialBalance': ({ splitDust }, millions) =>
    PAGE + (splitDust === true ? ALL_HOLDERS : 1_000) * millions,
  'Query.tokenSeries': (given, millions) =>
    PAGE +
    LOOKUPS * stepsIn(given) +
    (given.currency == null ? 0 : ROUNDS + PRICED * millions + stepPrices(given)),
  // It asks a node.
  'HeldAsset.contractBalance': () => 50,
  'Model.payment': () => 10,
  'ModelTotals.payment': () => 10,
  'Query.holderSeries': (given) =>
    PAGE + ENTITLEMENT * Math.min(stepsIn(given), HOLDER_STEPS_AT_MOST) + stepPrices(given),
  'HolderStep.rank': () => 1,
  // The receipts of the token are added up once for all steps.
  'PersonStep.sources': (_, millions) => 1 + (SERIES / 10) * millions,
  'Snapshot.dustWei': (_, millions) => ALL_HOLDERS * millions,
  'Snapshot.commitment': () => 5,
  'HolderPosition.entitlement': () => ENTITLEMENT,
  'HolderPosition.assetEntitlements': () => 20,
  'PoolSnapshot.dustWei': (_, millions) => 5 + ALL_HOLDERS * millions,
  'PoolShare.through': () => 20,
  'Entitlement.through': () => 20,
  'Holder.through': () => 200,
  'Person.through': () => 2_000,
  'Token.shortestSnapshotGap': () => 100,
  'Holder.values': () => 5 * ENTITLEMENT,
  'Person.values': () => 5 * ENTITLEMENT,
  'Token.yield': (given) => 50 + ENTITLEMENT * holdersIn(given),
};

/** `null`: the field costs the database nothing of its own. */
export function databaseCost(
  parent: { readonly name: string },
  field: { readonly name: string; readonly args: readonly { readonly name: string }[] },
): DatabaseCost | null {
  const known = FIELDS[`${parent.name}.${field.name}`];
  if (known !== undefined) return known;
  if (field.name === 'totalCount') return (_, millions) => COUNTED * millions;
  if (isSeries(field)) return seriesCost;
  if (field.args.some(isPageArgument)) {
    return field.name === 'holders' ? holdersCost : pageCost;
  }
  return parent.name === 'Query' ? () => ROOT : null;
}

function stepPrices(given: Given): number {
  return given.currency == null ? 0 : PRICES * stepsIn(given);
}

/** At each entry, every row needs its price. */
function seriesCost({ currency, basis }: Given, millions: number): number {
  const isPriced = currency != null && basis !== 'AT_MOMENT' && basis !== 'at-moment';
  return PAGE + SERIES * millions + (isPriced ? ROUNDS + PRICED * millions : 0);
}

function pageCost(given: Given, millions: number): number {
  const { filter, where, splitDust } = given;
  const dust = splitDust === true ? ALL_HOLDERS : 0;
  const narrowed = isNarrowed(filter, where) ? NARROWED : 0;
  return PAGE + pageSizeOf(given) / 10 + (dust + narrowed) * millions;
}

function isNarrowed(filter: unknown, where: unknown): boolean {
  if (where != null) return true;
  const keys = typeof filter === 'object' && filter !== null ? Object.keys(filter) : [];
  return keys.some((key) => !INDEXED.has(key));
}

function holdersCost(given: Given, millions: number): number {
  const { at, orderBy, direction, filter, where } = given;
  const looked = Math.min(millions, LOOKED_AT_MOST);
  const bounds = Object.entries((filter ?? {}) as object).filter(([, value]) => value != null);
  const isWhole = where == null && bounds.length === 0;
  if (isOf(orderBy, BY_CLAIMABLE)) {
    const isTop = isWhole && isOf(direction, DESCENDING);
    return pageCost(given, 0) + (isTop ? CLAIMABLE_WALK : CLAIMABLES * looked);
  }
  if (JSON.stringify([filter, where])?.includes('laimableWei')) {
    return pageCost(given, 0) + CLAIMABLES * looked;
  }
  if (at == null) return pageCost(given, millions);
  const isByBalance = isOf(orderBy, BY_BALANCE) && where == null;
  const isWalk = isByBalance && bounds.every(([bound]) => BALANCE_BOUNDS.has(bound));
  return pageCost(given, 0) + (isWalk ? WALK : FIGURES * looked);
}

function isOf(value: unknown, names: ReadonlySet<unknown>): boolean {
  return names.has(value ?? null);
}
