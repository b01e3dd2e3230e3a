import { Field, ObjectType } from 'type-graphql';
import { type NoPrice as LedgerNoPrice, sumOfDecimals } from '../../../ledger/price.js';
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
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id of the asset.' })
  readonly chainId!: number;

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
    description:
      'AT_MOMENT: the block whose newest prices it is by. Null for entries, and for a sum over several blocks or chains.',
  })
  readonly asOf!: AsOf | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'AT_MOMENT: price of one whole unit of the asset; null where it is not known, where entries have prices of their own, and for a sum over several amounts.',
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
    description:
      'Amounts other than 0 that were valued: entries, or 1 for each amount at a moment.',
  })
  readonly amounts!: number;

  @Field(() => SafeIntScalar, { description: 'Those of them without a price.' })
  readonly missingAmounts!: number;

  @Field(() => [MissingPriceType], { description: 'What has no price, by reason.' })
  readonly missing!: readonly MissingPriceType[];
}

/** Adds up what several amounts at moments are worth. Amounts of different assets and chains may be among them. */
export function sumOfValues(currency: string, parts: readonly ValueSumType[]): ValueSumType {
  const known = parts.flatMap((part) => (part.amounts === 0 ? [] : (part.known ?? [])));
  const missing = mergedMissing(parts.flatMap((part) => part.missing));
  const amounts = parts.reduce((sum, part) => sum + part.amounts, 0);
  const sum = known.length === 0 && amounts > 0 ? null : sumOfDecimals(known);
  return {
    currency,
    basis: 'at-moment',
    asOf: commonMoment(parts),
    price: null,
    amount: missing.length === 0 ? sum : null,
    known: sum,
    amounts,
    missingAmounts: missing.reduce((all, one) => all + one.amounts, 0),
    missing,
  };
}

/** One entry for each asset, reason and feed at fault. */
function mergedMissing(all: readonly MissingPriceType[]): MissingPriceType[] {
  const merged = new Map<string, MissingPriceType>();
  for (const one of all) {
    const name = `${one.chainId} ${one.asset} ${one.reason} ${one.feed?.number}`;
    const { amounts, sum } = merged.get(name) ?? { amounts: 0, sum: 0n };
    merged.set(name, { ...one, amounts: amounts + one.amounts, sum: sum + one.sum });
  }
  return [...merged.values()];
}

function commonMoment([first, ...others]: readonly ValueSumType[]): AsOf | null {
  const asOf = first?.asOf ?? null;
  const isCommon = others.every(
    ({ asOf: other }) => other?.chainId === asOf?.chainId && other?.block === asOf?.block,
  );
  return isCommon ? asOf : null;
}

/** The value of nothing: 0 in every currency. */
export function valueOfNothing(currency: string, basis: ValueBasis, asOf: AsOf | null) {
  const counts = { amounts: 0, missingAmounts: 0, missing: [] };
  return { currency, basis, asOf, price: null, amount: '0', known: '0', ...counts };
}
