import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { perWholeToken } from '../../../ledger/yields/yield.js';
import { SNAPSHOT_LIST, type SnapshotNode } from '../../lists/snapshots.js';
import type { ApiContext } from '../../request/context.js';
import { type TokenNode, TokenType } from '../tokens/token.js';
import { readYield } from './readYield.js';
import { RatioType, ratioNode, TokenYieldType, YieldArgs } from './yieldTypes.js';

@Resolver(() => TokenType)
export class TokenYieldResolver {
  @FieldResolver(() => TokenYieldType, {
    description:
      'Revenue per whole token over a stated period, in a year, and against what the token costs. Needs `days` or `from`; a period of less than 7 days, without a snapshot, or beyond the books is refused.',
  })
  yield(
    @Root() { record, asOf }: TokenNode,
    @Args(() => YieldArgs) args: YieldArgs,
    @Ctx() context: ApiContext,
  ) {
    return readYield(context, record, asOf, args);
  }
}

@Resolver(() => SNAPSHOT_LIST.Row)
export class SnapshotYieldResolver {
  @FieldResolver(() => RatioType, {
    nullable: true,
    description:
      'What it gave to a whole token, in the smallest unit of the asset: claimableWei × 10^decimals / supply. Null where the token does not say its decimals.',
  })
  perWholeToken(@Root() { tokenRecord: { decimals }, ...snapshot }: SnapshotNode) {
    return decimals === null ? null : ratioNode(perWholeToken(snapshot, decimals));
  }
}
