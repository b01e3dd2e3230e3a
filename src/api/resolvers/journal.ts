import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { type Account, isHeld } from '../../ledger/journal.js';
import { readAccountBalances } from '../../store/read/accountBalances.js';
import { JOURNAL } from '../../store/read/journal.js';
import type { TokenAsOf } from '../../store/read/poolVersions.js';
import { type RevenueRow, readRevenue } from '../../store/read/revenue.js';
import { connectionType, counted } from '../connection.js';
import type { ApiContext } from '../context.js';
import { RevenueGrouping, RevenueInterval } from '../enums.js';
import { JournalFilterInput } from '../filters.js';
import { TokenAtArgs } from '../listArgs.js';
import { operationList } from '../operationList.js';
import {
  type AccountType,
  JournalEntryType,
  PostingType,
  RevenueGroupType,
  TrialBalanceType,
} from '../types/journal.js';
import { OperationsArgs } from './operations.js';

@ArgsType()
class JournalArgs extends OperationsArgs {
  @Field(() => JournalFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: JournalFilterInput | null;
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
    description: 'Every movement of revenue, in double entry.',
  })
  journal(@Args(() => JournalArgs) args: JournalArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, JOURNAL, args, {}));
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
    @Args(() => TokenAtArgs) args: TokenAtArgs,
    @Ctx() context: ApiContext,
  ): Promise<TrialBalanceType> {
    const { key, asOf } = await tokenAsOf(args, context);
    const [accounts, version] = await Promise.all([
      readAccounts(context, key),
      context.loaders.poolVersion.load(key),
    ]);
    const heldWei = accounts
      .filter(({ held, asset }) => held && asset === NATIVE)
      .reduce((sum, { balanceWei }) => sum + balanceWei, 0n);
    return { accounts, heldWei, balanceWei: version.balanceWei, asOf };
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

async function readAccounts({ db, budget }: ApiContext, key: TokenAsOf): Promise<AccountType[]> {
  budget.spendPage();
  const accounts = await readAccountBalances(db, key);
  budget.spendRows(accounts.length);
  return accounts.map((account) => ({ ...account, held: isHeld(account.account as Account) }));
}
