import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { connectionType, counted } from '../connection.js';
import type { ApiContext } from '../context.js';
import { SnapshotListArgs, TokenAtArgs } from '../listArgs.js';
import { BigIntScalar } from '../scalars.js';
import { snapshotList } from '../snapshotList.js';
import { type SnapshotNode, SnapshotType } from '../types/snapshot.js';
import { TokenType, tokenNode } from '../types/token.js';

export const SnapshotConnection = connectionType(SnapshotType, 'Snapshot', 'snapshots');

@Resolver(() => SnapshotType)
export class SnapshotResolver {
  @Query(() => SnapshotConnection, {
    nullable: true,
    description: 'The snapshots of a token, and what was claimed of each.',
  })
  async snapshots(
    @Args(() => SnapshotListArgs) args: SnapshotListArgs,
    @Args(() => TokenAtArgs) { chainId, token: address, at }: TokenAtArgs,
    @Ctx() context: ApiContext,
  ) {
    const asOf = await context.books.asOf(chainId, at);
    const token = await context.books.token(address, asOf);
    return counted(context, snapshotList(context, token, asOf, args));
  }

  @FieldResolver(() => TokenType, { description: 'The token, as of the same moment.' })
  token(@Root() { tokenRecord, asOf }: SnapshotNode) {
    return tokenNode(tokenRecord, asOf);
  }

  @FieldResolver(() => BigIntScalar, {
    description:
      'What rounding leaves when every holder has claimed, in wei: nobody can claim it. In a windowed token it rolls over with the rest. Reads all balances of the token.',
  })
  dustWei(
    @Root() { tokenRecord, bookNumber, snapshotId }: SnapshotNode,
    @Ctx() { loaders, budget }: ApiContext,
  ) {
    budget.spendPage();
    return loaders.dust.load({ tokenNumber: tokenRecord.number, bookNumber, snapshotId });
  }
}
