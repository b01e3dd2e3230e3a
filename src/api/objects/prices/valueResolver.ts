import { Args, type ClassType, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ApiContext } from '../../request/context.js';
import { NoPrice } from '../../values/priceEnums.js';
import { CurrencyArgs } from './currencyArgs.js';
import { entryValue, noPriceOf, type PricedPlace } from './entryValue.js';
import { MoneyValueType } from './price.js';

/** An amount, and where and in what it is booked. */
export interface Booked {
  readonly place: PricedPlace;
  /** In the smallest unit of the asset. */
  readonly amount: bigint;
}

/**
 * Gives a type `value` and `noPrice`: what was booked was worth so much, or why that is not known.
 *
 * @param what the amount, as the description of the field calls it
 */
export function valueResolver<Node>(
  type: ClassType,
  what: string,
  bookedOf: (node: Node, context: ApiContext) => Booked | Promise<Booked>,
): ClassType {
  @Resolver(() => type)
  class ValueResolver {
    @FieldResolver(() => MoneyValueType, {
      nullable: true,
      description: `What ${what} was worth at the time, by the newest round before its transaction; null where that is not known.`,
    })
    async value(
      @Root() node: object,
      @Args(() => CurrencyArgs) { currency }: CurrencyArgs,
      @Ctx() context: ApiContext,
    ) {
      const { place, amount } = await bookedOf(node as Node, context);
      return entryValue(context, place, amount, currency);
    }

    @FieldResolver(() => NoPrice, {
      nullable: true,
      description: 'Why `value` is null; null where it is not.',
    })
    async noPrice(
      @Root() node: object,
      @Args(() => CurrencyArgs) { currency }: CurrencyArgs,
      @Ctx() context: ApiContext,
    ) {
      const { place } = await bookedOf(node as Node, context);
      return noPriceOf(context, place, currency);
    }
  }
  return ValueResolver;
}
