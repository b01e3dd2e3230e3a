import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { connectionType, counted } from '../connection.js';
import type { ApiContext } from '../context.js';
import { SnapshotsArgs } from '../listArgs.js';
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
  async snapshots(@Args(() => SnapshotsArgs) args: SnapshotsArgs, @Ctx() context: ApiContext) {
    const asOf = await context.books.asOf(args.chainId, args.at);
    const token = await context.books.token(args.token, asOf);
    return counted(context, snapshotList(context, token, asOf, args));
  }

  @FieldResolver(() => TokenType, { description: 'The token, as of the same moment.' })
  token(@Root() { tokenRecord, asOf }: SnapshotNode) {
    return tokenNode(tokenRecord, asOf);
  }
}
