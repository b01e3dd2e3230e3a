import type { GraphQLScalarType } from 'graphql';
import { type ClassType, Field, ObjectType, registerEnumType } from 'type-graphql';
import { ValueSumType } from '../objects/prices/valueSum.js';
import {
  ASSET_TEXT,
  AssetScalar,
  BigIntScalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../values/scalars.js';
import type { TotalsGroup, TotalsPlan } from './totals.js';

@ObjectType('AmountTotals', {
  simpleResolvers: true,
  description: 'Exact totals of an amount, in its own smallest unit.',
})
class AmountTotalsType {
  @Field(() => BigIntScalar, { description: 'Sum; 0 of nothing.' })
  readonly sum!: bigint;

  @Field(() => BigIntScalar, { nullable: true, description: 'Smallest; null of nothing.' })
  readonly min!: bigint | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Largest; null of nothing.' })
  readonly max!: bigint | null;

  @Field(() => ValueSumType, {
    nullable: true,
    description:
      'What the sum was worth in the `currency` of the query. Null without one, and of what is not money of one asset.',
  })
  readonly value!: ValueSumType | null;
}

/** A group as the schema shows it. */
export interface DescribedGroup<Owner> extends TotalsGroup<Owner> {
  readonly type: GraphQLScalarType | object;
  readonly description: string;
}

/** Totals of one kind of operation, as the schema shows them. */
export interface TotalsDescription<Owner> {
  /** The type is `<name>Totals`, what groups them `<name>GroupBy`. */
  readonly name: string;
  /** What is added up. */
  readonly rows: string;
  readonly measures: Readonly<
    Record<string, { readonly sql: string; readonly description: string }>
  >;
  readonly groups: Readonly<Record<string, DescribedGroup<Owner>>>;
  readonly asset?: DescribedGroup<Owner>;
  /** The totals have a field `asset`: all are in the asset that was asked for. */
  readonly hasOneAsset: boolean;
}

/** The types of the schema, and the plan for the groups that a client asks for. */
export interface DescribedTotals<Owner> {
  readonly Totals: ClassType;
  readonly GroupBy: Readonly<Record<string, string>>;
  planFor(groupBy: readonly string[]): TotalsPlan<Owner>;
}

/** Makes the types `<name>Totals` and `<name>GroupBy`. */
export function describeTotals<Owner>({
  name,
  rows,
  measures,
  groups,
  asset,
  hasOneAsset,
}: TotalsDescription<Owner>): DescribedTotals<Owner> {
  class Totals {}
  const declare = (field: string, type: object, description: string, nullable = false) =>
    Field(() => type as GraphQLScalarType, { nullable, description })(Totals.prototype, field);
  declare('from', DateTimeScalar, 'Begin of the step; null for all time together.', true);
  declare('to', DateTimeScalar, 'First moment after the step; null for all time.', true);
  declare(
    'chainId',
    SafeIntScalar,
    'EIP-155 chain id: money of different chains is never added up.',
  );
  if (hasOneAsset) declare('asset', AssetScalar, ASSET_TEXT);
  if (asset !== undefined) declare(asset.field, asset.type, asset.description, true);
  for (const { field, type, description } of Object.values(groups)) {
    declare(field, type, `If grouped by it: ${description}`, true);
  }
  declare('count', SafeIntScalar, `Number of ${rows}.`);
  for (const [field, { description }] of Object.entries(measures)) {
    declare(field, AmountTotalsType, description);
  }
  ObjectType(`${name}Totals`, {
    simpleResolvers: true,
    description: `Totals of ${rows}, of one group in one step of time.`,
  })(Totals);

  const GroupBy = Object.fromEntries(Object.keys(groups).map((key) => [key, key]));
  registerEnumType(GroupBy, {
    name: `${name}GroupBy`,
    description: `What totals of ${rows} are grouped by.`,
    valuesConfig: Object.fromEntries(
      Object.entries(groups).map(([key, { field }]) => [key, { description: `By ${field}.` }]),
    ),
  });
  return {
    Totals,
    GroupBy,
    planFor: (groupBy) => ({
      measures: Object.fromEntries(
        Object.entries(measures).map(([field, { sql }]) => [field, sql]),
      ),
      groups: [...new Set(groupBy)].flatMap((key) => groups[key] ?? []),
      asset,
    }),
  };
}
