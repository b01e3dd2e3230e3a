import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { JournalRecord } from '../../../store/read/journal/journal.js';
import type { Where } from '../../../store/read/query/where.js';
import { connectionType, counted } from '../../lists/engine/connection.js';
import { operationList } from '../../lists/engine/operationList.js';
import { JournalFilterInput } from '../../lists/inputs/filters.js';
import { TokenAtArgs } from '../../lists/inputs/listArgs.js';
import type { JournalFields } from '../../lists/inputs/listFields.js';
import { JournalWhere } from '../../lists/inputs/operationWheres.js';
import { JOURNAL_SET } from '../../lists/journal.js';
import { journals } from '../../lists/journalOwners.js';
import type { ApiContext } from '../../request/context.js';
import { revenueGroups } from '../../totals/revenueGroups.js';
import { Interval, JournalContract, RevenueGrouping } from '../../values/enums.js';
import { AddressScalar } from '../../values/scalars.js';
import type { PostingNode } from '../prices/valuesResolver.js';
import { TokenType, tokenNode } from '../tokens/token.js';
import { JournalEntryType, PostingType, RevenueGroupType } from './journal.js';
import type { OperationNode } from './operations.js';
import { OperationsArgs } from './operationsResolver.js';

@ArgsType()
class JournalArgs extends OperationsArgs {
  @Field(() => JournalFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: JournalFilterInput | null;

  @Field(() => JournalWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<JournalFields> | null;
}

@ArgsType()
class RevenueArgs extends TokenAtArgs {
  @Field(() => RevenueGrouping, {
    defaultValue: RevenueGrouping.SOURCE,
    description: 'How finely sources are distinguished.',
  })
  readonly groupBy!: RevenueGrouping;

  @Field(() => Interval, {
    nullable: true,
    description: 'Steps of time; default: all time together.',
  })
  readonly interval?: Interval | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'In this ERC-20, which the token shares in addition to ETH; default: in ETH.',
  })
  readonly asset?: Address | null;
}

type JournalNode = OperationNode<JournalRecord>;

const JournalConnection = connectionType(JournalEntryType, 'Journal', 'journal entries');

@Resolver(() => JournalEntryType)
export class JournalResolver {
  @Query(() => JournalConnection, {
    nullable: true,
    description: 'Every movement of money in tokens, AI oracles and sales, in double entry.',
  })
  journal(@Args(() => JournalArgs) args: JournalArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, JOURNAL_SET, args));
  }

  @FieldResolver(() => TokenType, {
    nullable: true,
    description: 'The token, as of the moment of the list; null in the books of oracles and sales.',
  })
  async token(@Root() node: OperationNode, @Ctx() context: ApiContext) {
    const { number, kind } = await ownerOf(context, node);
    if (kind !== 'token') return null;
    return tokenNode(await context.books.tokenNumbered(number), node.asOf);
  }

  @FieldResolver(() => AddressScalar, { description: 'The contract in whose journal it is.' })
  async contract(@Root() node: OperationNode, @Ctx() context: ApiContext) {
    return (await ownerOf(context, node)).address;
  }

  @FieldResolver(() => JournalContract, { description: 'What that contract is.' })
  async contractKind(@Root() node: OperationNode, @Ctx() context: ApiContext) {
    return (await ownerOf(context, node)).kind;
  }

  @FieldResolver(() => [PostingType], { description: 'Its postings; they sum to zero.' })
  async postings(
    @Root() entry: JournalNode,
    @Ctx() { loaders }: ApiContext,
  ): Promise<PostingNode[]> {
    const postings = await loaders.postings.load(entry.id);
    return postings.map((posting) => ({ ...posting, entry }));
  }

  @Query(() => [RevenueGroupType], {
    nullable: true,
    description: 'Revenue of a token by source and time, oldest first.',
    deprecationReason: 'Use receiptTotals, which tells more apart.',
  })
  async revenue(
    @Args(() => RevenueArgs) args: RevenueArgs,
    @Ctx() context: ApiContext,
  ): Promise<RevenueGroupType[]> {
    const { chainId, token, asset, at, groupBy, interval } = args;
    await context.books.token(token, await context.books.asOf(chainId, at));
    return revenueGroups(context, { filter: { chainId, token, asset }, at, interval }, groupBy);
  }
}

async function ownerOf(context: ApiContext, { tokenNumber }: OperationNode) {
  const owner = (await journals(context)).find((one) => one.journalNumber === tokenNumber);
  if (owner === undefined) throw new RangeError(`a row of contract ${tokenNumber}, unasked`);
  return owner;
}
