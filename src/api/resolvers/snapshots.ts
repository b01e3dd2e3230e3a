import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { connectionType, counted } from '../connection.js';
import type { ApiContext } from '../context.js';
import { SnapshotListArgs, TokenAtArgs } from '../listArgs.js';
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
}
