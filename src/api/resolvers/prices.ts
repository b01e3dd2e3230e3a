import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../address.js';
import type { JournalRecord, PostingRecord } from '../../store/read/journal.js';
import { connectionType, counted } from '../connection.js';
import type { ApiContext } from '../context.js';
import { entryValue, noPriceOf, type PricedPlace } from '../entryValue.js';
import { operationList } from '../operationList.js';
import { NoPrice } from '../priceEnums.js';
import { CurrencyArgs, PricesArgs } from '../priceInputs.js';
import { allPriceFeeds, PRICE_SET } from '../priceSet.js';
import { JournalEntryType, PostingType } from '../types/journal.js';
import { type OperationNode, RevenueOperationType } from '../types/operations.js';
import { type RequestNode, RequestType } from '../types/oracleRequest.js';
import { MoneyValueType, PriceFeedType, PriceRoundType } from '../types/price.js';
import { type SaleEntryNode, SaleEntryType } from '../types/saleEntry.js';

const PriceConnection = connectionType(PriceRoundType, 'Price', 'rounds of price feeds');

const VALUE = {
  nullable: true,
  description:
    'What it was worth at the time, by the newest round before its transaction; null where that is not known.',
} as const;
const NO_PRICE = {
  nullable: true,
  description: 'Why `value` is null; null where it is not.',
} as const;

/** A receipt, claim or redemption. */
type RevenueNode = OperationNode & {
  readonly asset: Address | null;
  readonly amountWei: bigint;
};

@Resolver(() => PriceRoundType)
export class PriceResolver {
  @Query(() => PriceConnection, {
    nullable: true,
    description: 'What price feeds said: every round of them.',
  })
  prices(@Args(() => PricesArgs) args: PricesArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, PRICE_SET, args));
  }

  @Query(() => [PriceFeedType], {
    nullable: true,
    description: 'Where prices come from: what there is a value of, and in which currencies.',
  })
  async priceFeeds(
    @Arg('chainId', () => Int, { nullable: true, description: 'Only this chain (EIP-155 id).' })
    chainId: number | null,
    @Ctx() context: ApiContext,
  ) {
    const feeds = await allPriceFeeds(context);
    return feeds.filter((feed) => feed.chainId === (chainId ?? feed.chainId));
  }
}

@Resolver(() => RevenueOperationType)
export class RevenueValueResolver {
  @FieldResolver(() => MoneyValueType, VALUE)
  value(
    @Root() node: RevenueNode,
    @Args(() => CurrencyArgs) { currency }: CurrencyArgs,
    @Ctx() context: ApiContext,
  ) {
    return entryValue(context, revenuePlace(node), node.amountWei, currency);
  }

  @FieldResolver(() => NoPrice, NO_PRICE)
  noPrice(
    @Root() node: RevenueNode,
    @Args(() => CurrencyArgs) { currency }: CurrencyArgs,
    @Ctx() context: ApiContext,
  ) {
    return noPriceOf(context, revenuePlace(node), currency);
  }
}

@Resolver(() => JournalEntryType)
export class JournalValueResolver {
  @FieldResolver(() => MoneyValueType, VALUE)
  value(
    @Root() entry: JournalRecord,
    @Args(() => CurrencyArgs) { currency }: CurrencyArgs,
    @Ctx() context: ApiContext,
  ) {
    return entryValue(context, entry, entry.amountWei, currency);
  }

  @FieldResolver(() => NoPrice, NO_PRICE)
  noPrice(
    @Root() entry: JournalRecord,
    @Args(() => CurrencyArgs) { currency }: CurrencyArgs,
    @Ctx() context: ApiContext,
  ) {
    return noPriceOf(context, entry, currency);
  }
}

/** A posting with the entry that it belongs to. */
export type PostingNode = PostingRecord & { readonly entry: JournalRecord };

@Resolver(() => PostingType)
export class PostingValueResolver {
  @FieldResolver(() => MoneyValueType, {
    nullable: true,
    description: 'What was gained or given was worth so much at the time; null if not known.',
  })
  value(
    @Root() { entry, amountWei }: PostingNode,
    @Args(() => CurrencyArgs) { currency }: CurrencyArgs,
    @Ctx() context: ApiContext,
  ) {
    return entryValue(context, entry, amountWei, currency);
  }
}

@Resolver(() => RequestType)
export class RequestValueResolver {
  @FieldResolver(() => MoneyValueType, {
    nullable: true,
    description: 'What the fee was worth at the time; null where that is not known.',
  })
  value(
    @Root() request: RequestNode,
    @Args(() => CurrencyArgs) { currency }: CurrencyArgs,
    @Ctx() context: ApiContext,
  ) {
    const { oracleRecord, paymentToken } = request;
    const place = { ...request, chainId: oracleRecord.chainId, asset: paymentToken ?? 'native' };
    return entryValue(context, place, request.fee, currency);
  }
}

@Resolver(() => SaleEntryType)
export class SaleEntryValueResolver {
  @FieldResolver(() => MoneyValueType, {
    nullable: true,
    description: 'What raiseAmount was worth at the time; null where that is not known.',
  })
  value(
    @Root() entry: SaleEntryNode,
    @Args(() => CurrencyArgs) { currency }: CurrencyArgs,
    @Ctx() context: ApiContext,
  ) {
    const { chainId, raiseAsset } = entry.saleRecord;
    const place = { ...entry, chainId, asset: raiseAsset ?? 'native' };
    return entryValue(context, place, entry.raiseAmount, currency);
  }
}

function revenuePlace(node: RevenueNode): PricedPlace {
  return { ...node, asset: node.asset ?? 'native' };
}
