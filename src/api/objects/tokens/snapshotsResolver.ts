import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import { momentInBooks } from '../../../books/archiveMark.js';
import { counted } from '../../lists/engine/connection.js';
import { TokenAtArgs } from '../../lists/engine/inputs.js';
import { SNAPSHOT_LIST, type SnapshotNode, snapshotList } from '../../lists/snapshots.js';
import type { ApiContext } from '../../request/context.js';
import { AddressScalar, ASSET_TEXT, AssetScalar, BigIntScalar } from '../../values/scalars.js';
import { TokenType, tokenNode } from './token.js';

@ArgsType()
class SnapshotsArgs extends SNAPSHOT_LIST.Args {
  @Field(() => AddressScalar, {
    nullable: true,
    description: 'What they assigned of this ERC-20, which the token shares; default: of ETH.',
  })
  readonly asset?: Address | null;
}

@Resolver(() => SNAPSHOT_LIST.Row)
export class SnapshotResolver {
  @Query(() => SNAPSHOT_LIST.Connection, {
    nullable: true,
    description: 'The snapshots of a token, and what was claimed of each.',
  })
  async snapshots(
    @Args(() => SnapshotsArgs) { asset, ...args }: SnapshotsArgs,
    @Args(() => TokenAtArgs) { chainId, token: address, at }: TokenAtArgs,
    @Ctx() context: ApiContext,
  ) {
    const asOf = await context.books.asOf(chainId, at);
    const token = await context.books.token(address, asOf);
    const [{ number } = token] = await context.books.booksIn(asset, [token]);
    return counted(context, snapshotList(context, token, momentInBooks(token, asOf), args, number));
  }

  @FieldResolver(() => TokenType, { description: 'The token, as of the same moment.' })
  token(@Root() { tokenRecord, asOf }: SnapshotNode) {
    return tokenNode(tokenRecord, asOf);
  }

  @FieldResolver(() => AssetScalar, { description: ASSET_TEXT })
  asset(@Root() { bookNumber }: SnapshotNode, @Ctx() { books }: ApiContext) {
    return books.assetOf(bookNumber);
  }

  @FieldResolver(() => BigIntScalar, {
    description:
      'What rounding leaves when every holder has claimed, in units of the asset (wei for ETH): nobody can claim it. In a windowed token it rolls over with the rest. Reads all balances of the token.',
  })
  dustWei(
    @Root() { tokenRecord, bookNumber, snapshotId }: SnapshotNode,
    @Ctx() { loaders, budget }: ApiContext,
  ) {
    budget.spendPage();
    return loaders.dust.load({ tokenNumber: tokenRecord.number, bookNumber, snapshotId });
  }
}
