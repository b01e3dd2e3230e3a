import { type GraphQLSchema, getNamedType, isObjectType } from 'graphql';
import { type ClassType, Field, ObjectType } from 'type-graphql';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import { fieldResolver } from '../../lists/engine/resolver.js';
import type { ApiContext } from '../../request/context.js';
import { CurrencyArgs } from './currencyArgs.js';
import { assertCurrency } from './entryValue.js';
import { momentValue, type StandingAmount } from './momentValue.js';
import { ValueSumType } from './valueSum.js';

type Eventual<Value> = Value | Promise<Value>;

/** How a field of `values` is computed. */
export type ValuedField<Node> = (
  node: Node,
  context: ApiContext,
  currency: string,
) => Promise<ValueSumType>;

/** What an amount is in: `native`, or the address of an ERC-20. */
type AssetOf<Node> = (node: Node, context: ApiContext) => Eventual<string>;

/** The fields of a type that are amounts of one asset, and where each is found. */
type Amounts<Node> = Readonly<
  Record<string, (node: Node, context: ApiContext) => Eventual<bigint>>
>;

/** Amounts at the prices of the moment of their object. */
export function atMoment<Node extends { readonly asOf: AsOf }>(
  assetOf: AssetOf<Node>,
  amounts: Amounts<Node>,
): Record<string, ValuedField<Node>> {
  return valuesOf(amounts, async (node, context) => {
    return { asOf: node.asOf, asset: await assetOf(node, context) };
  });
}

/** The same of objects that have their moment elsewhere. */
export function valuesOf<Node>(
  amounts: Amounts<Node>,
  placeOf: (node: Node, context: ApiContext) => Eventual<Omit<StandingAmount, 'amount'>>,
): Record<string, ValuedField<Node>> {
  const entries = Object.entries(amounts).map(([field, amountOf]) => {
    const value: ValuedField<Node> = async (node, context, currency) => {
      const [place, amount] = await Promise.all([placeOf(node, context), amountOf(node, context)]);
      return momentValue(context, { ...place, amount }, currency);
    };
    return [field, value] as const;
  });
  return Object.fromEntries(entries);
}

/** The amounts that a node has as its own properties. */
export function own<Name extends string>(
  ...names: readonly Name[]
): Record<Name, (node: Readonly<Record<Name, bigint>>) => bigint> {
  const entries = names.map((name) => [name, (node: Readonly<Record<Name, bigint>>) => node[name]]);
  return Object.fromEntries(entries);
}

const BASIS =
  'By the newest prices at the end of the block of the object (AT_MOMENT), also of what was paid earlier: entries and totals of entries have the prices of their own times.';

/**
 * Gives a type `values(currency)`: what each of its amounts is worth, under the name of the amount.
 *
 * @param name of the type
 * @param basis whose prices they are by, as the description of the field says it
 */
export function valuesResolver<Node>(
  type: ClassType,
  name: string,
  fields: ValueFields<Node>,
  basis = BASIS,
): ClassType {
  const Values = valuesType(name, fields);
  return fieldResolver<Node>(type, {
    values: {
      shows: () => Values,
      text: `What its amounts are worth, each by its name. ${basis}`,
      args: CurrencyArgs,
      resolve: (node, context, args) =>
        valuesNode(fields, node, context, (args as CurrencyArgs).currency),
    },
  });
}

/** The same in the currency that the arguments of a whole series name; `null` without one. */
export function seriesValuesResolver<Node extends { readonly currency: string | null }>(
  type: ClassType,
  name: string,
  fields: ValueFields<Node>,
  basis: string,
): ClassType {
  const Values = valuesType(name, fields);
  return fieldResolver<Node>(type, {
    values: {
      shows: () => Values,
      isNullable: true,
      text: `What its amounts are worth in the \`currency\` of the query, each by its name; null without one. ${basis}`,
      resolve: (node, context) =>
        node.currency === null ? null : valuesNode(fields, node, context, node.currency),
    },
  });
}

type ValueFields<Node> = Readonly<Record<string, ValuedField<Node>>>;

function valuesType(name: string, fields: object): ClassType {
  class Values {}
  for (const field of Object.keys(fields)) {
    Field(() => ValueSumType, { description: `What \`${field}\` is worth.` })(
      Values.prototype,
      field,
    );
  }
  ObjectType(`${name}Values`, {
    simpleResolvers: true,
    description: `What the amounts of ${name} are worth in a currency.`,
  })(Values);
  return Values;
}

/**
 * Calls the functions that `values` consist of: a compiled query does not call them by itself, and would answer with
 * the function.
 */
export function resolveValues(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (getNamedType(field.type).name !== 'ValueSum') continue;
      field.resolve ??= (node: Readonly<Record<string, unknown>>) => {
        const value = node[field.name];
        return typeof value === 'function' ? value() : value;
      };
    }
  }
}

/** Its properties are functions: each is called if a client asks for it. */
function valuesNode<Node>(
  fields: ValueFields<Node>,
  node: Node,
  context: ApiContext,
  currency: string,
) {
  assertCurrency(currency);
  const entries = Object.entries(fields).map(([field, compute]) => {
    return [field, () => compute(node, context, currency)] as const;
  });
  return Object.fromEntries(entries);
}
