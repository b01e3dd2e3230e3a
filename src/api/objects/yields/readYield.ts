import type { Address } from '../../../address.js';
import { personOf } from '../../../books/person.js';
import { ImoError } from '../../../errors.js';
import { personCostBasis } from '../../../ledger/persons/person.js';
import { decimalFraction } from '../../../ledger/price.js';
import type { Rate } from '../../../ledger/rate.js';
import type { CostBasis } from '../../../ledger/sales/sale.js';
import { rulesAt } from '../../../ledger/terms.js';
import { partOfRate, ratioText } from '../../../ledger/yields/ratio.js';
import { burnValueOf, costPerToken, partOfPrice, yieldOf } from '../../../ledger/yields/yield.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import { readParticipations } from '../../../store/read/sales/participations.js';
import { readLifetime } from '../../../store/read/series/tokenStates.js';
import { readPools } from '../../../store/read/tokens/pools.js';
import { readSnapshotsBetween } from '../../../store/read/tokens/snapshotsBetween.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { salesOf } from '../../lists/sales.js';
import type { ApiContext } from '../../request/context.js';
import { entryPrice } from '../prices/entryValue.js';
import { yieldPeriod } from './yieldPeriod.js';
import { ratioNode, type TokenYieldType, type YieldArgs } from './yieldTypes.js';

/** A token in the books of one asset at a moment. */
interface YieldSubject {
  readonly token: TokenRecord;
  /** Of the token. */
  readonly decimals: number;
  readonly asOf: AsOf;
  /** `null`: ETH. */
  readonly asset: Address | null;
  readonly bookNumber: number;
}

const SNAPSHOTS_AT_MOST = 1_000;
const SECONDS_OF_DAY = 86_400n;

/**
 * The yield of a token over a period.
 *
 * @throws ImoError `YIELD_BAD_PERIOD`, `YIELD_NO_SNAPSHOT`, `YIELD_NO_DECIMALS`, `BAD_PERSON`, `UNKNOWN_ASSET` or
 *   `QUERY_TOO_LARGE`; GraphQLError `BAD_CURRENCY`
 */
export async function readYield(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  { period, asset = null, holders = null, currency = null }: YieldArgs,
): Promise<TokenYieldType> {
  const { books, budget, db } = context;
  const { decimals } = token;
  if (decimals === null) throw noDecimals();
  budget.spendPage();
  const [book] = await books.booksIn(asset, [token]);
  const bookNumber = book?.number ?? token.number;
  const subject = { token, decimals, asOf, asset, bookNumber };
  const key = { tokenNumber: bookNumber, block: asOf.block };
  const life = await readLifetime(db, { bookNumber, block: asOf.block });
  const { from, to, seconds } = yieldPeriod(period, life, asOf);
  const read = await readSnapshotsBetween(db, key, { from, to }, SNAPSHOTS_AT_MOST);
  budget.spendRows(read.length);
  const snapshots = read.filter(({ timestamp }) => timestamp > from);
  const last = snapshots.at(-1);
  if (last === undefined) throw noSnapshot(from, to);
  if (read.length === SNAPSHOTS_AT_MOST) throw tooManySnapshots();
  const before = read.find(({ timestamp }) => timestamp <= from)?.timestamp;
  const { perToken, annualised } = yieldOf(snapshots, decimals, seconds);
  const burnValue = await burnValueAt(context, subject);
  return {
    asset: asset ?? 'native',
    from,
    to,
    periodSeconds: Number(seconds),
    days: ratioText({ numerator: seconds, denominator: SECONDS_OF_DAY }),
    snapshots: snapshots.length,
    coversFrom: before ?? life?.first ?? from,
    coversTo: last.timestamp,
    perToken: ratioNode(perToken),
    annualised: ratioNode(annualised),
    burnValue: ratioNode(burnValue),
    againstBurnValue: ratioOrNull(partOfRate(annualised, burnValue)),
    ...(await againstCost(context, subject, annualised, holders)),
    ...(await againstPrice(context, subject, annualised, { currency, time: to })),
    asOf,
  };
}

function ratioOrNull(rate: Rate | null) {
  return rate === null ? null : ratioNode(rate);
}

async function burnValueAt(
  { db }: ApiContext,
  { token, decimals, asOf, bookNumber }: YieldSubject,
): Promise<Rate> {
  const [state] = await readPools(db, [{ tokenNumber: bookNumber, block: asOf.block }]);
  if (state === undefined) throw new RangeError(`no pools of books ${bookNumber}`);
  return burnValueOf(rulesAt(token.rules, asOf.block), state, decimals);
}

/** Sales that raise another asset have no part in it: their cost is in another unit. */
async function againstCost(
  context: ApiContext,
  { token, decimals, asOf, asset }: YieldSubject,
  annualised: Rate,
  holders: readonly Address[] | null,
): Promise<Pick<TokenYieldType, 'costPerToken' | 'againstCost'>> {
  if (holders === null) return { costPerToken: null, againstCost: null };
  const accounts = personOf(holders);
  const sales = await salesOf(context, new Map([[token.chainId, asOf]]), null);
  const bases: CostBasis[] = [];
  for (const { sale, asOf: moment } of sales) {
    if (sale.token !== token.address || sale.raiseAsset !== asset) continue;
    const key = { saleNumber: sale.number, block: moment.block };
    const records = await readParticipations(context.db, key, accounts);
    const { state } = await context.loaders.saleVersion.load(key);
    const parts = records.map(({ participation }) => participation);
    bases.push(personCostBasis(sale.terms, state, parts));
  }
  const cost = costPerToken(bases, decimals);
  return {
    costPerToken: ratioOrNull(cost),
    againstCost: cost === null ? null : ratioOrNull(partOfRate(annualised, cost)),
  };
}

async function againstPrice(
  context: ApiContext,
  { token, asOf, asset }: YieldSubject,
  annualised: Rate,
  { currency, time }: { readonly currency: string | null; readonly time: Date },
): Promise<Pick<TokenYieldType, 'tokenPrice' | 'assetPrice' | 'againstPrice' | 'noPrice'>> {
  const nothing = { tokenPrice: null, assetPrice: null, againstPrice: null, noPrice: null };
  if (currency === null) return nothing;
  const { chainId, block, timestamp } = asOf;
  // At the end of the block.
  const place = { chainId, block, transactionIndex: null, timestamp: timestamp ?? time };
  const [ofToken, ofAsset] = await Promise.all([
    entryPrice(context, { ...place, asset: token.address }, currency),
    entryPrice(context, { ...place, asset: asset ?? 'native' }, currency),
  ]);
  const textOf = (one: typeof ofToken) =>
    one.missing === null ? decimalFraction(one.price.answer, one.price.decimals) : null;
  const part =
    ofToken.missing !== null || ofAsset.missing !== null
      ? null
      : partOfPrice(
          annualised,
          { price: ofAsset.price, assetDecimals: ofAsset.feed.assetDecimals },
          ofToken.price,
        );
  return {
    tokenPrice: textOf(ofToken),
    assetPrice: textOf(ofAsset),
    againstPrice: ratioOrNull(part),
    noPrice: ofToken.missing ?? ofAsset.missing,
  };
}

function noDecimals(): ImoError {
  return new ImoError(
    'YIELD_NO_DECIMALS',
    'the contract of the token does not say its decimals, so nobody knows what a whole token is',
    'Compute with claimableWei and supply of its snapshots.',
  );
}

function noSnapshot(from: Date, to: Date): ImoError {
  return new ImoError(
    'YIELD_NO_SNAPSHOT',
    `no snapshot was taken after ${from.toISOString()} and up to ${to.toISOString()}`,
    'Choose a longer period: nothing is extrapolated from one without data.',
  );
}

function tooManySnapshots(): ImoError {
  return new ImoError(
    'QUERY_TOO_LARGE',
    `the period has ${SNAPSHOTS_AT_MOST} snapshots or more`,
    'Choose a shorter period.',
  );
}
