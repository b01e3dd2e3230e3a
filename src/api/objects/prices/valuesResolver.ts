import { Args, type ClassType, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import { NATIVE } from '../../../ledger/oracles/oracle.js';
import type {
  MintPaymentRecord,
  MintRevenueRecord,
} from '../../../store/read/collections/mintPayments.js';
import type { JournalRecord } from '../../../store/read/journal/journal.js';
import { CurrencyArgs } from '../../lists/inputs/priceInputs.js';
import { JOURNAL_LIST } from '../../lists/journal.js';
import type { MintNode } from '../../lists/mints.js';
import { REQUEST_LIST, type RequestNode } from '../../lists/requests.js';
import { SALE_ENTRY_LIST, type SaleEntryNode } from '../../lists/saleEntries.js';
import { TRANSFER_LIST } from '../../lists/transfers.js';
import type { ApiContext } from '../../request/context.js';
import { NoPrice } from '../../values/priceEnums.js';
import { MintPaymentType, MintRevenueType } from '../collections/aigcToken.js';
import { type PostingNode, PostingType } from '../operations/journal.js';
import { type OperationNode, RevenueOperationType } from '../operations/operations.js';
import { type ModelPayoutNode, ModelPayoutType } from '../oracles/modelEvent.js';
import { type SnapshotNode, SnapshotType } from '../tokens/snapshot.js';
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
function valueResolver<Node>(
  type: ClassType,
  what: string,
  bookedOf: (node: Node, context: ApiContext) => Booked | Promise<Booked>,
): new () => object {
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

/** A receipt, claim or redemption. */
type RevenueNode = OperationNode & {
  readonly asset: Address | null;
  readonly amountWei: bigint;
};

/** One for each type with an amount and a time; test/api/values/values.test.ts looks for others. */
export const VALUE_RESOLVERS = [
  valueResolver(RevenueOperationType, 'it', (node: RevenueNode) => ({
    place: { ...node, asset: node.asset ?? NATIVE },
    amount: node.amountWei,
  })),
  valueResolver(TRANSFER_LIST.Row, '`amount`, where the token itself has a feed,', ofTransfer),
  valueResolver(SnapshotType, '`claimableWei`', ofSnapshot),
  valueResolver(JOURNAL_LIST.Row, 'it', (entry: JournalRecord) => ({
    place: entry,
    amount: entry.amountWei,
  })),
  valueResolver(PostingType, 'what was gained or given', ({ entry, amountWei }: PostingNode) => ({
    place: entry,
    amount: amountWei,
  })),
  valueResolver(REQUEST_LIST.Row, 'the fee', (request: RequestNode) => ({
    place: {
      ...request,
      chainId: request.oracle.chainId,
      asset: request.paymentToken ?? NATIVE,
    },
    amount: request.fee,
  })),
  valueResolver(ModelPayoutType, '`amount`', (payout: ModelPayoutNode) => ({
    place: payout,
    amount: payout.amount,
  })),
  valueResolver(MintPaymentType, '`paidWei`', (mint: MintPaymentRecord | MintNode) => ({
    place: { ...mint, asset: NATIVE },
    amount: mint.paidWei,
  })),
  valueResolver(MintRevenueType, 'it', ({ payment, amountWei }: MintRevenueRecord) => ({
    place: { ...payment, asset: NATIVE },
    amount: amountWei,
  })),
  valueResolver(SALE_ENTRY_LIST.Row, '`raiseAmount`', (entry: SaleEntryNode) => ({
    place: {
      ...entry,
      chainId: entry.saleRecord.chainId,
      asset: entry.saleRecord.raiseAsset ?? NATIVE,
    },
    amount: entry.raiseAmount,
  })),
] as const;

async function ofTransfer(
  node: OperationNode & { readonly amount: bigint },
  { books }: ApiContext,
): Promise<Booked> {
  const { address } = await books.tokenNumbered(node.tokenNumber);
  return { place: { ...node, asset: address }, amount: node.amount };
}

async function ofSnapshot(
  { tokenRecord, bookNumber, ...snapshot }: SnapshotNode,
  { books }: ApiContext,
): Promise<Booked> {
  const shared = (await books.revenueAssets()).find(({ number }) => number === bookNumber);
  const place = { ...snapshot, chainId: tokenRecord.chainId, asset: shared?.asset ?? NATIVE };
  return { place, amount: snapshot.claimableWei };
}
