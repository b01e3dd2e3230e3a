import { decimalFraction, worthOf } from '../../../ledger/price.js';
import { type AsOf, readTimeFrom } from '../../../store/read/chains/asOf.js';
import type { EntryPrice } from '../../../store/read/prices/entryPrices.js';
import type { ApiContext } from '../../request/context.js';
import { readShared } from '../../request/sharedRead.js';
import { entryPrice } from './entryValue.js';
import { type ValueSumType, valueOfNothing } from './valueSum.js';

/** An amount at a moment. */
export interface StandingAmount {
  readonly asOf: AsOf;
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  /** In its smallest unit. */
  readonly amount: bigint;
}

/** Without a time, every round is too old where the config limits its age. */
const NO_TIME = new Date(8_640_000_000_000_000);

/**
 * What an amount was worth by the newest prices at the end of a block.
 *
 * @throws GraphQLError and ImoError as `entryValue`
 */
export async function momentValue(
  context: ApiContext,
  { asOf, asset, amount }: StandingAmount,
  currency: string,
): Promise<ValueSumType> {
  const price = await momentPrice(context, asOf, asset, currency);
  const nothing = valueOfNothing(currency, 'at-moment', asOf);
  if (price.missing !== null) {
    if (amount === 0n) return nothing;
    const { missing: reason, feed } = price;
    const { chainId } = asOf;
    const missing = {
      chainId,
      asset,
      reason,
      feed,
      amounts: 1,
      sum: amount,
      first: null,
      last: null,
    };
    const counts = { amounts: 1, missingAmounts: 1, missing: [missing] };
    return { ...nothing, amount: null, known: null, ...counts };
  }
  const worth = worthOf(amount, price.feed.assetDecimals, price.price);
  return {
    ...nothing,
    price: decimalFraction(price.price.answer, price.price.decimals),
    amount: worth,
    known: worth,
    amounts: amount === 0n ? 0 : 1,
  };
}

async function momentPrice(
  context: ApiContext,
  { chainId, block, timestamp, askedTime }: AsOf,
  asset: string,
  currency: string,
): Promise<EntryPrice> {
  const time =
    askedTime ??
    timestamp ??
    (await readShared(context, ['time from', String(chainId), String(block)], () =>
      readTimeFrom(context.db, chainId, block),
    )) ??
    NO_TIME;
  const place = { chainId, asset, block, transactionIndex: null, timestamp: time };
  return entryPrice(context, place, currency);
}
