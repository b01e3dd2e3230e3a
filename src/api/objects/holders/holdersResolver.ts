import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import { momentInBooks } from '../../../books/archiveMark.js';
import { counted } from '../../lists/engine/connection.js';
import { AtInput, TokenAtArgs } from '../../lists/engine/inputs.js';
import { holderList } from '../../lists/holderList.js';
import { HOLDER_LIST, type HolderListArgs, type HolderPositionNode } from '../../lists/holders.js';
import type { ApiContext } from '../../request/context.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';
import { TokenType, tokenNode } from '../tokens/token.js';
import { type EntitlementNode, EntitlementType, type HolderNode, HolderType } from './holder.js';
import { entitlementOfRecord, positionsOf } from './positions.js';

@ArgsType()
class HolderArgs {
  @Field(() => AddressScalar, { description: 'The account.' })
  readonly address!: Address;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Only tokens of this chain (EIP-155 id).',
  })
  readonly chainId?: number | null;

  @Field(() => AtInput, {
    nullable: true,
    description:
      'The moment to answer for; a block needs chainId where several chains are indexed. Default: the newest indexed block of each chain.',
  })
  readonly at?: AtInput | null;
}

@Resolver(() => HOLDER_LIST.Row)
export class HolderResolver {
  @Query(() => HolderType, {
    nullable: true,
    description: 'One account and everything it is owed, across tokens and chains.',
  })
  async holder(
    @Args(() => HolderArgs) { address, chainId, at }: HolderArgs,
    @Ctx() context: ApiContext,
  ): Promise<HolderNode> {
    const { books, budget } = context;
    await books.assertIndexed();
    const asOf = await books.asOfChains(chainId, at);
    const positions = await positionsOf(context, address, asOf);
    budget.spendRows(positions.length);
    return { address, positions, moments: asOf };
  }

  @Query(() => HOLDER_LIST.Connection, {
    nullable: true,
    description:
      'Everybody who ever held a token. Positions of a moving list move too: pass "at" to page through one moment.',
  })
  async holders(
    @Args(() => HOLDER_LIST.Args) args: HolderListArgs,
    @Args(() => TokenAtArgs) { chainId, token: address, at }: TokenAtArgs,
    @Ctx() context: ApiContext,
  ) {
    const asOf = await context.books.asOf(chainId, at);
    const token = await context.books.token(address, asOf);
    return counted(context, holderList(context, token, momentInBooks(token, asOf), args));
  }

  @FieldResolver(() => TokenType, { description: 'The token, as of the same moment.' })
  token(@Root() { tokenRecord, asOf }: HolderPositionNode) {
    return tokenNode(tokenRecord, asOf);
  }

  @FieldResolver(() => EntitlementType, {
    description: 'What the holder is owed, was paid and missed.',
  })
  async entitlement(
    @Root() { tokenRecord, address, asOf, record }: HolderPositionNode,
    @Ctx() context: ApiContext,
  ): Promise<EntitlementNode> {
    const key = { token: tokenRecord, account: address, block: asOf.block };
    const of = entitlementOfRecord(record, key, context) ?? context.loaders.entitlement.load(key);
    return { ...(of instanceof Promise ? await of : of), asOf, of: key };
  }
}
