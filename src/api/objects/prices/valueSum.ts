import { Field, ObjectType } from 'type-graphql';
import type { NoPrice as LedgerNoPrice } from '../../../ledger/price.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { PriceFeed } from '../../../store/registry/priceFeeds.js';
import { NoPrice, ValueBasis } from '../../values/priceEnums.js';
import {
  AssetScalar,
  BigIntScalar,
  DateTimeScalar,
  DecimalScalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { AsOfType } from '../chains/asOf.js';
import { PriceFeedType } from './price.js';

@ObjectType('MissingPrice', {
  simpleResolvers: true,
  description: 'Amounts of which no price is known, for one reason.',
})
export class MissingPriceType {
  @Field(() => AssetScalar, { description: 'What the amounts are in.' })
  readonly asset!: string;

  @Field(() => NoPrice, { description: 'Why no price is known.' })
  readonly reason!: LedgerNoPrice;

  @Field(() => PriceFeedType, {
    nullable: true,
    description: 'The feed whose newest round is not a price; null where no feed is at fault.',
  })
  readonly feed!: PriceFeed | null;

  @Field(() => SafeIntScalar, { description: 'How many amounts.' })
  readonly amounts!: number;

  @Field(() => BigIntScalar, { description: 'Their sum, in the smallest unit of the asset.' })
  readonly sum!: bigint;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Time of the first of these entries; null at a moment.',
  })
  readonly first!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Time of the last of these entries; null at a moment.',
  })
  readonly last!: Date | null;
}

@ObjectType('ValueSum', {
  simpleResolvers: true,
  description:
    'What an amount was worth in a currency, exact, and by which prices. What has no price is counted and named, and never treated as zero.',
})
export class ValueSumType {
  @Field(() => String, { description: 'Code of the currency.' })
  readonly currency!: string;

  @Field(() => ValueBasis, { description: 'Whose prices the value is by.' })
  readonly basis!: ValueBasis;

  @Field(() => AsOfType, {
    nullable: true,
    description: 'AT_MOMENT: the block whose newest prices it is by; else null.',
  })
  readonly asOf!: AsOf | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'AT_MOMENT: price of one whole unit of the asset; null where it is not known, and where entries have prices of their own.',
  })
  readonly price!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'The value of all of it. Null while any part has no price: `known` has the rest, `missing` what is missing.',
  })
  readonly amount!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'The value of what has a price; null where nothing has one.',
  })
  readonly known!: string | null;

  @Field(() => SafeIntScalar, {
    description: 'Amounts above 0 that were valued: entries, or 1 at a moment.',
  })
  readonly amounts!: number;

  @Field(() => SafeIntScalar, { description: 'Those of them without a price.' })
  readonly missingAmounts!: number;

  @Field(() => [MissingPriceType], { description: 'What has no price, by reason.' })
  readonly missing!: readonly MissingPriceType[];
}

/** The value of nothing: 0 in every currency. */
export function valueOfNothing(currency: string, basis: ValueBasis, asOf: AsOf | null) {
  const counts = { amounts: 0, missingAmounts: 0, missing: [] };
  return { currency, basis, asOf, price: null, amount: '0', known: '0', ...counts };
}
