import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import { hasSucceeded, priceOf } from '../../../ledger/sales/sale.js';
import type { SaleVersion } from '../../../store/read/sales/saleVersions.js';
import { connectionType, counted } from '../../lists/engine/connection.js';
import { AtInput } from '../../lists/engine/inputs.js';
import {
  PARTICIPATION_LIST,
  ParticipantsArgs,
  type ParticipationListArgs,
  type ParticipationsArgs,
  participationList,
} from '../../lists/participations.js';
import { SALE_LIST, type SalesArgs, saleAt, saleList, salesOf } from '../../lists/sales.js';
import type { ApiContext } from '../../request/context.js';
import { readShared } from '../../request/sharedRead.js';
import { SaleState } from '../../values/saleEnums.js';
import { AddressScalar, BigIntScalar, SafeIntScalar } from '../../values/scalars.js';
import { TokenType, tokenNode } from '../tokens/token.js';
import type { ParticipationNode } from './participation.js';
import { raiseAssetOf } from './raiseAsset.js';
import { ExactPriceType, type SaleNode, SaleType, saleNode, saleState } from './sale.js';

const SaleConnection = connectionType(SaleType, 'Sale', 'sales');

@Resolver(() => SaleType)
export class SaleResolver {
  @Query(() => SaleType, { nullable: true, description: 'One sale.' })
  async sale(
    @Arg('chainId', () => SafeIntScalar, { description: 'EIP-155 chain id.' }) chainId: number,
    @Arg('address', () => AddressScalar, { description: 'Its contract.' }) address: Address,
    @Arg('at', () => AtInput, {
      nullable: true,
      description: 'The moment to answer for; default: the newest indexed block.',
    })
    at: AtInput | null,
    @Ctx() context: ApiContext,
  ): Promise<SaleNode> {
    const asOf = await context.books.asOf(chainId, at);
    return saleNode(await saleAt(context, address, asOf), asOf);
  }

  @Query(() => SaleConnection, {
    nullable: true,
    description: 'The indexed sales that were deployed by then.',
  })
  sales(@Args(() => SALE_LIST.Args) args: SalesArgs, @Ctx() context: ApiContext) {
    return counted(context, saleList(context, args));
  }

  @FieldResolver(() => SaleState, { description: 'How far it is.' })
  async state(@Root() sale: SaleNode, @Ctx() context: ApiContext): Promise<SaleState> {
    return saleState(sale.record.terms, (await versionOf(sale, context)).state);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description: 'Whether the target was reached; null while it is open or has no target.',
  })
  async hasSucceeded(@Root() sale: SaleNode, @Ctx() context: ApiContext): Promise<boolean | null> {
    return hasSucceeded(sale.record.terms, (await versionOf(sale, context)).state);
  }

  @FieldResolver(() => BigIntScalar, {
    description: 'Paid in by deposits and purchases, refunded or not, raise units.',
  })
  async raised(@Root() sale: SaleNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await versionOf(sale, context)).state.raised;
  }

  @FieldResolver(() => BigIntScalar, { description: 'Paid back as refunds, raise units.' })
  async refunded(@Root() sale: SaleNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await versionOf(sale, context)).state.refunded;
  }

  @FieldResolver(() => BigIntScalar, { description: 'Token units paid out to participants.' })
  async claimed(@Root() sale: SaleNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await versionOf(sale, context)).state.claimed;
  }

  @FieldResolver(() => BigIntScalar, { description: 'Token units sold back to the sale.' })
  async sold(@Root() sale: SaleNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await versionOf(sale, context)).state.sold;
  }

  @FieldResolver(() => BigIntScalar, { description: 'What it paid for those, raise units.' })
  async proceeds(@Root() sale: SaleNode, @Ctx() context: ApiContext): Promise<bigint> {
    return (await versionOf(sale, context)).state.proceeds;
  }

  @FieldResolver(() => ExactPriceType, {
    nullable: true,
    description:
      'Launchpads: what the sale keeps for all of its tokens (while open: as if it ended now). Others: the newest trade. Null where nothing was sold.',
  })
  async price(@Root() sale: SaleNode, @Ctx() context: ApiContext) {
    const price = priceOf(sale.record.terms, (await versionOf(sale, context)).state);
    return price === null ? null : { ...price, raise: raiseAssetOf(sale.record) };
  }

  @FieldResolver(() => SafeIntScalar, { description: 'Accounts that took part by then.' })
  async participantCount(@Root() sale: SaleNode, @Ctx() context: ApiContext): Promise<number> {
    return (await versionOf(sale, context)).participants;
  }

  @FieldResolver(() => TokenType, {
    nullable: true,
    description: 'The token sold, as of the same moment; null before its deployment.',
  })
  async token(@Root() { record, asOf }: SaleNode, @Ctx() { books }: ApiContext) {
    const token = (await books.tokens()).find(
      ({ chainId, address }) => chainId === record.chainId && address === record.token,
    );
    if (token === undefined || token.startBlock > asOf.block) return null;
    books.use(token.number);
    return tokenNode(token, asOf);
  }

  @FieldResolver(() => PARTICIPATION_LIST.Connection, { description: 'Who took part, by address.' })
  participations(
    @Root() { record, asOf }: SaleNode,
    @Args(() => ParticipantsArgs) args: ParticipationListArgs,
    @Ctx() context: ApiContext,
  ) {
    const question = ['participations', record.number, asOf, args];
    const read = () => participationList(context, [{ sale: record, asOf }], null, args);
    return counted(context, readShared(context, question, read));
  }
}

@Resolver(() => PARTICIPATION_LIST.Row)
export class ParticipationResolver {
  @Query(() => PARTICIPATION_LIST.Connection, {
    nullable: true,
    description: 'What accounts did in sales, by sale and address.',
  })
  async participations(
    @Args(() => PARTICIPATION_LIST.Args) args: ParticipationsArgs,
    @Ctx() context: ApiContext,
  ) {
    const chains = await context.books.asOfChains(args.filter?.chainId, args.at);
    const sales = await salesOf(context, chains, args.filter);
    const participant = args.filter?.participant ?? null;
    return counted(context, participationList(context, sales, participant, args));
  }

  @FieldResolver(() => SaleType, { description: 'The sale, as of the same moment.' })
  sale(@Root() { saleRecord, asOf }: ParticipationNode): SaleNode {
    return saleNode(saleRecord, asOf);
  }
}

function versionOf({ record, asOf }: SaleNode, { loaders }: ApiContext): Promise<SaleVersion> {
  return loaders.saleVersion.load({ saleNumber: record.number, block: asOf.block });
}
