import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import { momentInBooks } from '../../../books/archiveMark.js';
import { accountsBeside, accountsOf } from '../../lists/accountList.js';
import { ACCOUNT_LIST, type AccountsArgs, SPLIT_DUST } from '../../lists/accounts.js';
import { assetsOf } from '../../lists/assetList.js';
import { type Connection, connectionType } from '../../lists/engine/connection.js';
import { TokenAtArgs } from '../../lists/engine/inputs.js';
import { assertBounded } from '../../lists/engine/whereBounds.js';
import { journalOwnerAt } from '../../lists/journalOwners.js';
import type { ApiContext } from '../../request/context.js';
import { readShared } from '../../request/sharedRead.js';
import { BigIntScalar } from '../../values/scalars.js';
import { AccountType, type HeldAssetNode, HeldAssetType, TrialBalanceType } from './journal.js';

@ArgsType()
class TrialBalanceArgs extends TokenAtArgs {
  @Field(() => Boolean, SPLIT_DUST)
  readonly splitDust!: boolean;
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
    const at = await context.books.asOf(args.chainId, args.at);
    const token = await context.books.token(args.token, at);
    const asOf = momentInBooks(token, at);
    const [accounts, version, shared] = await Promise.all([
      accountsOf(context, { ...token, kind: 'token' }, asOf, args.splitDust),
      context.loaders.poolVersion.load({ tokenNumber: token.number, block: asOf.block }),
      assetsOf(token, asOf, context),
    ]);
    const assets = [
      { asset: NATIVE, balance: version.balanceWei },
      ...shared.map(({ address, balance }) => ({ asset: address, balance })),
    ].map(
      (of): HeldAssetNode => ({
        ...of,
        held: heldOf(accounts, of.asset),
        token: args.token,
        asOf,
      }),
    );
    const heldWei = heldOf(accounts, NATIVE);
    return { token: args.token, accounts, heldWei, balanceWei: version.balanceWei, assets, asOf };
  }

  @Query(() => AccountConnection, {
    nullable: true,
    description: 'The accounts of a token, an AI oracle or a sale; they sum to zero per asset.',
  })
  async accounts(
    @Args(() => ACCOUNT_LIST.Args) args: AccountsArgs,
    @Ctx() context: ApiContext,
  ): Promise<Connection<AccountType>> {
    assertBounded(args.where);
    const at = await context.books.asOf(args.chainId, args.at);
    const owner = await journalOwnerAt(context, args.contract, at);
    const asOf = momentInBooks(owner, at);
    // Their number is counted as they are read.
    const accounts = await accountsOf(context, owner, asOf, args.splitDust);
    return ACCOUNT_LIST.page(accounts, [asOf], args);
  }

  @FieldResolver(() => [AccountType], {
    description:
      "What other contracts hold that concerns the token; not part of its sums: the accrued revenue of models whose receiver it is, in the oracles' journals (upstream/<model>), and what its sales hold (escrow).",
  })
  beside(@Root() node: TrialBalanceNode, @Ctx() context: ApiContext) {
    return accountsBeside(context, node);
  }
}

@Resolver(() => HeldAssetType)
export class HeldAssetResolver {
  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description:
      'What the contract itself has at the end of that block, by the node of its chain: compare it with held. Null if the node does not say.',
  })
  async contractBalance(@Root() held: HeldAssetNode, @Ctx() context: ApiContext) {
    return (await onChain(held, context)).answer;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why contractBalance is null.',
  })
  async contractBalanceUnavailable(@Root() held: HeldAssetNode, @Ctx() context: ApiContext) {
    return (await onChain(held, context)).unavailable;
  }
}

/** Both fields share one question. */
function onChain({ asOf, token, asset }: HeldAssetNode, context: ApiContext) {
  return readShared(context, ['balance on chain', asOf.chainId, token, asset, asOf.block], () =>
    context.chainBalances.read(asOf, token, asset === NATIVE ? null : (asset as Address)),
  );
}
