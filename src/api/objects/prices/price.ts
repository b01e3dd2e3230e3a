import { Field, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { decimalFraction } from '../../../ledger/price.js';
import type { EntryPrice, PricedLeg } from '../../../store/read/prices/entryPrices.js';
import { LAST_SECOND, type PriceRoundRecord } from '../../../store/read/prices/prices.js';
import type { PriceFeed } from '../../../store/registry/priceFeeds.js';
import {
  AddressScalar,
  BigIntScalar,
  DateTimeScalar,
  DecimalScalar,
  PricedAssetScalar,
  SafeIntScalar,
} from '../../values/scalars.js';

@ObjectType('PriceLeg', {
  simpleResolvers: true,
  description: 'A round of a feed that a price is made of.',
})
export class PriceLegType {
  @Field(() => PricedAssetScalar, { description: 'What the feed prices.' })
  readonly asset!: string;

  @Field(() => String, { description: 'Code of the currency that it prices it in.' })
  readonly currency!: string;

  @Field(() => Boolean, { description: 'The price was divided by this one, not multiplied by it.' })
  readonly isDivisor!: boolean;

  @Field(() => DecimalScalar, { description: 'Price of one whole unit of the asset, exact.' })
  readonly price!: string;

  @Field(() => BigIntScalar, { description: "The aggregator's number of the round." })
  readonly roundId!: bigint;

  @Field(() => DateTimeScalar, { description: 'When the round says that it was made.' })
  readonly updatedAt!: Date;

  @Field(() => AddressScalar, { description: 'The aggregator that logged the round.' })
  readonly aggregator!: Address;
}

@ObjectType('MoneyValue', {
  simpleResolvers: true,
  description: 'What an amount was worth at the time of its entry, by a round of a price feed.',
})
export class MoneyValueType {
  @Field(() => String, { description: 'Code of the currency.' })
  readonly currency!: string;

  @Field(() => DecimalScalar, {
    description: 'The value: amount times price, exact, with as many digits as that has.',
  })
  readonly amount!: string;

  @Field(() => DecimalScalar, {
    description:
      'Price of one whole unit of the asset: exact, or with 18 digits after the point (rounded half up) where feeds are divided by each other.',
  })
  readonly price!: string;

  @Field(() => BigIntScalar, {
    description: "The aggregator's number of the round; of several feeds, that of the first one.",
  })
  readonly roundId!: bigint;

  @Field(() => DateTimeScalar, { description: 'When that round says that it was made.' })
  readonly updatedAt!: Date;

  @Field(() => AddressScalar, { description: 'The aggregator that logged that round.' })
  readonly aggregator!: Address;

  @Field(() => [PriceLegType], {
    description: 'All feeds that the price is made of, that of the asset first: at most 3.',
  })
  readonly legs!: readonly PriceLegType[];
}

@ObjectType('PriceFeed', {
  simpleResolvers: true,
  description: 'Where the price of an asset in a currency comes from, from a block on.',
})
export class PriceFeedType {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => PricedAssetScalar, {
    description: 'What is priced; a currency is priced so that values can cross to it.',
  })
  readonly asset!: string;

  @Field(() => Int, { description: 'Decimals of the asset; 0 of a currency.' })
  readonly assetDecimals!: number;

  @Field(() => String, { description: 'Code of the currency.' })
  readonly currency!: string;

  @Field(() => AddressScalar, {
    description: 'The address in imo.yaml: the aggregator, or a proxy before it.',
  })
  readonly configured!: Address;

  @Field(() => AddressScalar, { description: 'The aggregator, which logs the rounds.' })
  readonly aggregator!: Address;

  @Field(() => Int, { description: 'Decimals of its answers.' })
  readonly decimals!: number;

  @Field(() => String, { nullable: true, description: 'What the aggregator calls itself.' })
  readonly description!: string | null;

  @Field(() => SafeIntScalar, {
    description:
      'In force from this block on, until another feed of the asset and currency begins.',
  })
  readonly startBlock!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'A round older than this number of seconds gives no price; null: there is no limit.',
  })
  readonly staleAfterSeconds!: number | null;
}

/** A leg, with the chain of its feed. */
export interface PriceLegNode extends PriceLegType {
  readonly chainId: number;
}

/** A round of a feed, as its list shows it. */
export interface PriceRoundNode extends Omit<PriceRoundRecord, 'answer' | 'updatedAt'> {
  readonly feed: PriceFeed;
  readonly answer: string;
  /** Of one whole unit of the asset; `null` where the answer is not positive. */
  readonly price: string | null;
  /** `null` where what the round says is not a time. */
  readonly updatedAt: Date | null;
}

/** A price that an entry has. */
export type KnownPrice = Extract<EntryPrice, { readonly missing: null }>;

export function moneyValueNode(
  amount: string,
  { currency, price, feed, round, legs }: KnownPrice,
): MoneyValueType {
  return {
    currency,
    amount,
    price: decimalFraction(price.answer, price.decimals),
    roundId: round.roundId,
    updatedAt: timeOf(round),
    aggregator: feed.aggregator,
    legs: legs.map(priceLegNode),
  };
}

function priceLegNode({ feed, isInverse, round }: PricedLeg): PriceLegNode {
  return {
    chainId: feed.chainId,
    asset: feed.asset,
    currency: feed.currency,
    isDivisor: isInverse,
    price: decimalFraction(round.answer, round.decimals),
    roundId: round.roundId,
    updatedAt: timeOf(round),
    aggregator: feed.aggregator,
  };
}

/** Not after its entry's block, or it were no price. */
function timeOf({ updatedAt }: PricedLeg['round']): Date {
  return new Date(Number(updatedAt) * 1000);
}

export function priceRoundNode(feed: PriceFeed, row: PriceRoundRecord): PriceRoundNode {
  const { answer, updatedAt } = row;
  return {
    ...row,
    feed,
    answer: answer.toString(),
    price: answer > 0n ? decimalFraction(answer, feed.decimals) : null,
    updatedAt: updatedAt <= LAST_SECOND ? new Date(Number(updatedAt) * 1000) : null,
  };
}
