import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/asOf.js';
import { JOURNAL } from '../../store/read/journal.js';
import type { TokenAsOf } from '../../store/read/poolVersions.js';
import { type RevenueRow, readRevenue } from '../../store/read/revenue.js';
import { accountsBeside, accountsOf } from '../accountList.js';
import { connectionType, counted } from '../connection.js';
import type { ApiContext } from '../context.js';
import { JournalContract, RevenueGrouping, RevenueInterval } from '../enums.js';
import { JournalFilterInput } from '../filters.js';
import { AtInput } from '../inputs.js';
import { journalOwnerAt, journalOwners, journalOwnersOf } from '../journalOwners.js';
import { TokenAtArgs } from '../listArgs.js';
import { operationList } from '../operationList.js';
import { AddressScalar } from '../scalars.js';
import {
  AccountType,
  JournalEntryType,
  PostingType,
  RevenueGroupType,
  TrialBalanceType,
} from '../types/journal.js';
import type { OperationNode } from '../types/operations.js';
import { TokenType, tokenNode } from '../types/token.js';
import { OperationsArgs } from './operations.js';

@ArgsType()
class JournalArgs extends OperationsArgs {
  @Field(() => JournalFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: JournalFilterInput | null;
}

const SPLIT_DUST = {
  defaultValue: false,
  description:
    'Show what rounding leaves in claimable/<id>, which nobody can claim, as dust/<id>. Reads all balances of the token.',
};

@ArgsType()
class TrialBalanceArgs extends TokenAtArgs {
  @Field(() => Boolean, SPLIT_DUST)
  readonly splitDust!: boolean;
}

@ArgsType()
class AccountsArgs {
  @Field(() => Int, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'A token, an AI oracle or a sale.' })
  readonly contract!: Address;

  @Field(() => AtInput, {
    nullable: true,
    description: 'The moment to answer for; default: the newest indexed block.',
  })
  readonly at?: AtInput | null;

  @Field(() => Boolean, SPLIT_DUST)
  readonly splitDust!: boolean;
}

/** A trial balance with the token it is of. */
interface TrialBalanceNode extends TrialBalanceType {
  readonly token: Address;
}

@ArgsType()
class RevenueArgs extends TokenAtArgs {
  @Field(() => RevenueGrouping, {
    defaultValue: RevenueGrouping.SOURCE,
    description: 'How fine sources are told apart.',
  })
  readonly groupBy!: RevenueGrouping;

  @Field(() => RevenueInterval, {
    nullable: true,
    description: 'Steps of time; default: all time together.',
  })
  readonly interval?: RevenueInterval | null;
}

const JournalConnection = connectionType(JournalEntryType, 'Journal', 'journal entries');
const NATIVE = 'native';

@Resolver(() => JournalEntryType)
export class JournalResolver {
  @Query(() => JournalConnection, {
    nullable: true,
    description: 'Every movement of money in tokens, AI oracles and sales, in double entry.',
  })
  journal(@Args(() => JournalArgs) args: JournalArgs, @Ctx() context: ApiContext) {
    const ownersOf = (chains: ReadonlyMap<number, AsOf>) =>
      journalOwnersOf(context, chains, args.filter ?? {});
    return counted(context, operationList(context, JOURNAL, args, {}, ownersOf));
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
  postings(@Root() { id }: JournalEntryType, @Ctx() { loaders }: ApiContext) {
    return loaders.postings.load(id);
  }

  @Query(() => TrialBalanceType, {
    nullable: true,
    description: 'Where the revenue of a token is, where it came from and where it went.',
  })
  async trialBalance(
    @Args(() => TrialBalanceArgs) args: TrialBalanceArgs,
    @Ctx() context: ApiContext,
  ): Promise<TrialBalanceNode> {
    const { key, asOf } = await tokenAsOf(args, context);
    const owner = await journalOwnerAt(context, args.token, asOf);
    const [accounts, version] = await Promise.all([
      accountsOf(context, owner, asOf, args.splitDust),
      context.loaders.poolVersion.load(key),
    ]);
    const heldWei = accounts
      .filter(({ held, asset }) => held && asset === NATIVE)
      .reduce((sum, { balanceWei }) => sum + balanceWei, 0n);
    return { token: args.token, accounts, heldWei, balanceWei: version.balanceWei, asOf };
  }

  @Query(() => [AccountType], {
    nullable: true,
    description: 'The accounts of a token, an AI oracle or a sale; they sum to zero per asset.',
  })
  async accounts(
    @Args(() => AccountsArgs) { chainId, contract, at, splitDust }: AccountsArgs,
    @Ctx() context: ApiContext,
  ): Promise<AccountType[]> {
    const asOf = await context.books.asOf(chainId, at);
    return accountsOf(context, await journalOwnerAt(context, contract, asOf), asOf, splitDust);
  }

  @Query(() => [RevenueGroupType], {
    nullable: true,
    description: 'Revenue of a token by source and time, oldest first.',
  })
  async revenue(
    @Args(() => RevenueArgs) args: RevenueArgs,
    @Ctx() context: ApiContext,
  ): Promise<RevenueRow[]> {
    const { key } = await tokenAsOf(args, context);
    context.budget.spendPage();
    const rows = await readRevenue(context.db, key, args.groupBy, args.interval ?? null);
    context.budget.spendRows(rows.length);
    return rows;
  }
}

/** @throws ImoError as `RequestBooks.asOf` and `RequestBooks.token` do */
async function tokenAsOf({ chainId, token: address, at }: TokenAtArgs, { books }: ApiContext) {
  const asOf = await books.asOf(chainId, at);
  const token = await books.token(address, asOf);
  const key: TokenAsOf = { tokenNumber: token.number, block: asOf.block };
  return { key, asOf };
}

async function ownerOf(context: ApiContext, { tokenNumber }: OperationNode) {
  const owner = (await journalOwners(context)).find(({ number }) => number === tokenNumber);
  if (owner === undefined) throw new RangeError(`a row of contract ${tokenNumber}, unasked`);
  return owner;
}

@Resolver(() => TrialBalanceType)
export class TrialBalanceResolver {
  @FieldResolver(() => [AccountType], {
    description:
      "What other contracts hold that concerns the token; not part of its sums: the accrued revenue of models whose receiver it is, in the oracles' journals (upstream/<model>), and what its sales hold (escrow).",
  })
  beside(@Root() node: TrialBalanceNode, @Ctx() context: ApiContext) {
    return accountsBeside(context, node);
  }
}
