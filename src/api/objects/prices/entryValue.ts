import { type NoPrice, worthOf } from '../../../ledger/price.js';
import type { EntryPrice, PriceKey } from '../../../store/read/prices/entryPrices.js';
import { inputError } from '../../errors.js';
import type { ApiContext } from '../../request/context.js';
import { type MoneyValueType, moneyValueNode } from './price.js';

/** Where and in what an amount is booked. */
export type PricedPlace = Omit<PriceKey, 'currency'>;

/**
 * What an amount of a place was worth; `null` where that is not known.
 *
 * @param amount in the smallest unit of the asset
 * @throws GraphQLError `BAD_CURRENCY`; ImoError `QUERY_TOO_LARGE`
 */
export async function entryValue(
  context: ApiContext,
  place: PricedPlace,
  amount: bigint,
  currency: string,
): Promise<MoneyValueType | null> {
  const price = await entryPrice(context, place, currency);
  if (price.missing !== null) return null;
  return moneyValueNode(worthOf(amount, price.feed.assetDecimals, price.price), price);
}

/**
 * Why nothing is known of what amounts of a place were worth; `null` where it is.
 *
 * @throws GraphQLError and ImoError as `entryValue`
 */
export async function noPriceOf(
  context: ApiContext,
  place: PricedPlace,
  currency: string,
): Promise<NoPrice | null> {
  return (await entryPrice(context, place, currency)).missing;
}

/**
 * The price that holds at a place, or why there is none.
 *
 * @throws GraphQLError and ImoError as `entryValue`
 */
export async function entryPrice(
  { loaders, budget }: ApiContext,
  { chainId, asset, block, transactionIndex, timestamp }: PricedPlace,
  currency: string,
): Promise<EntryPrice> {
  assertCurrency(currency);
  budget.spendRows(1);
  return loaders.price.load({ chainId, asset, currency, block, transactionIndex, timestamp });
}

/** @throws GraphQLError `BAD_CURRENCY` */
export function assertCurrency(currency: string): void {
  if (/^[A-Z][A-Z0-9]{1,9}$/.test(currency)) return;
  throw inputError(
    'BAD_CURRENCY',
    `"${currency}" is not the code of a currency`,
    'Write it in capitals, e.g. "USD"; the query `priceFeeds` lists the known ones.',
  );
}
