import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Where } from '../../../store/read/query/where.js';
import { accountsBeside, accountsOf } from '../../lists/accountList.js';
import { type AccountFields, accountPage } from '../../lists/accounts.js';
import { assetsOf } from '../../lists/assetList.js';
import { type Connection, connectionType } from '../../lists/engine/connection.js';
import { AtInput, PageArgs } from '../../lists/engine/inputs.js';
import { assertBounded } from '../../lists/engine/whereBounds.js';
import { TokenAtArgs } from '../../lists/inputs/listArgs.js';
import { AccountWhere } from '../../lists/inputs/listWheres.js';
import { journalOwnerAt } from '../../lists/journalOwners.js';
import type { ApiContext } from '../../request/context.js';
import { OrderDirection } from '../../values/enums.js';
import { AccountOrderBy } from '../../values/orderEnums.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';
import { AccountType, TrialBalanceType } from './journal.js';

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
class AccountsArgs extends PageArgs {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
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

  @Field(() => AccountWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<AccountFields> | null;

  @Field(() => AccountOrderBy, {
    defaultValue: AccountOrderBy.NAME,
    description: 'What the list is ordered by.',
  })
  readonly orderBy!: AccountOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'Smallest (ASC) or largest (DESC) first.',
  })
  readonly direction!: OrderDirection;
}

const AccountConnection = connectionType(AccountType, 'Account', 'accounts');

/** A trial balance with the token it is of. */
interface TrialBalanceNode extends TrialBalanceType {
  readonly token: Address;
}

const NATIVE = 'native';

/** Sum of the held accounts in one asset. */
function heldOf(accounts: readonly AccountType[], asset: string): bigint {
  return accounts
    .filter((account) => account.held && account.asset === asset)
    .reduce((sum, { balanceWei }) => sum + balanceWei, 0n);
}

@Resolver(() => TrialBalanceType)
export class AccountResolver {
  @Query(() => TrialBalanceType, {
    nullable: true,
    description: 'Where the revenue of a token is, where it came from and where it went.',
  })
  async trialBalance(
    @Args(() => TrialBalanceArgs) args: TrialBalanceArgs,
    @Ctx() context: ApiContext,
  ): Promise<TrialBalanceNode> {
    const asOf = await context.books.asOf(args.chainId, args.at);
    const token = await context.books.token(args.token, asOf);
    const [accounts, version, shared] = await Promise.all([
      accountsOf(context, { ...token, kind: 'token' }, asOf, args.splitDust),
      context.loaders.poolVersion.load({ tokenNumber: token.number, block: asOf.block }),
      assetsOf(token, asOf, context),
    ]);
    const assets = [
      { asset: NATIVE, balance: version.balanceWei },
      ...shared.map(({ address, balance }) => ({ asset: address, balance })),
    ].map((of) => ({ ...of, held: heldOf(accounts, of.asset) }));
    const heldWei = heldOf(accounts, NATIVE);
    return { token: args.token, accounts, heldWei, balanceWei: version.balanceWei, assets, asOf };
  }

  @Query(() => AccountConnection, {
    nullable: true,
    description: 'The accounts of a token, an AI oracle or a sale; they sum to zero per asset.',
  })
  async accounts(
    @Args(() => AccountsArgs) args: AccountsArgs,
    @Ctx() context: ApiContext,
  ): Promise<Connection<AccountType>> {
    assertBounded(args.where);
    const asOf = await context.books.asOf(args.chainId, args.at);
    const owner = await journalOwnerAt(context, args.contract, asOf);
    // Their number is counted as they are read.
    return accountPage(await accountsOf(context, owner, asOf, args.splitDust), asOf, args);
  }

  @FieldResolver(() => [AccountType], {
    description:
      "What other contracts hold that concerns the token; not part of its sums: the accrued revenue of models whose receiver it is, in the oracles' journals (upstream/<model>), and what its sales hold (escrow).",
  })
  beside(@Root() node: TrialBalanceNode, @Ctx() context: ApiContext) {
    return accountsBeside(context, node);
  }
}
