import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import {
  DEPOSIT_POOL_LIST,
  type DepositPoolsArgs,
  depositorCountOf,
  depositPoolList,
  poolsOf,
  totalSharesOf,
} from '../../lists/depositPools.js';
import { connectionType, counted } from '../../lists/engine/connection.js';
import {
  DepositorsArgs,
  POOL_SHARE_LIST,
  type PoolShareListArgs,
  type PoolShareNode,
  type PoolSharesArgs,
  poolShareList,
} from '../../lists/poolShares.js';
import {
  POOL_SNAPSHOT_LIST,
  PoolSnapshotConnection,
  type PoolSnapshotNode,
  type PoolSnapshotsArgs,
} from '../../lists/poolSnapshots.js';
import type { ApiContext } from '../../request/context.js';
import { readShared } from '../../request/sharedRead.js';
import { BigIntScalar, SafeIntScalar } from '../../values/scalars.js';
import { ThroughEntitlementType, type ThroughNode } from '../holders/through.js';
import { TokenType, tokenNode } from '../tokens/token.js';
import { type DepositPoolNode, DepositPoolType, depositPoolNode } from './depositPool.js';
import { owedThrough, owedToPool } from './owedToPool.js';

const DepositPoolConnection = connectionType(DepositPoolType, 'DepositPool', 'pools');

@Resolver(() => DepositPoolType)
export class DepositPoolResolver {
  @Query(() => DepositPoolConnection, {
    nullable: true,
    description: 'The pools that are looked through and were deployed by then.',
  })
  depositPools(
    @Args(() => DEPOSIT_POOL_LIST.Args) args: DepositPoolsArgs,
    @Ctx() context: ApiContext,
  ) {
    return counted(context, depositPoolList(context, args));
  }

  @FieldResolver(() => TokenType, {
    nullable: true,
    description: 'The revenue token, as of the same block; null before its deployment.',
  })
  async token(@Root() { record, asOf }: DepositPoolNode, @Ctx() { books }: ApiContext) {
    const token = (await books.tokens()).find(
      ({ chainId, address }) => chainId === record.chainId && address === record.token,
    );
    if (token === undefined || token.startBlock > asOf.block) return null;
    books.use(token.number);
    return tokenNode(token, asOf);
  }

  @FieldResolver(() => BigIntScalar, { description: 'The shares of all depositors.' })
  totalShares(@Root() { record, asOf }: DepositPoolNode, @Ctx() context: ApiContext) {
    return totalSharesOf(context, record, asOf);
  }

  @FieldResolver(() => SafeIntScalar, { description: 'Accounts that ever had shares.' })
  depositorCount(@Root() { record, asOf }: DepositPoolNode, @Ctx() context: ApiContext) {
    return depositorCountOf(context, record, asOf);
  }

  @FieldResolver(() => POOL_SHARE_LIST.Connection, {
    description: 'The accounts that ever had shares, by address.',
  })
  depositors(
    @Root() { record, asOf }: DepositPoolNode,
    @Args(() => DepositorsArgs) args: PoolShareListArgs,
    @Ctx() context: ApiContext,
  ) {
    const question = ['poolShares', record.number, asOf, args];
    const read = () => poolShareList(context, [{ pool: record, asOf }], null, args);
    return counted(context, readShared(context, question, read));
  }

  @FieldResolver(() => PoolSnapshotConnection, {
    description: 'What each snapshot of the token gave to the pool, in ETH.',
  })
  snapshots(
    @Root() pool: DepositPoolNode,
    @Args(() => POOL_SNAPSHOT_LIST.Args) args: PoolSnapshotsArgs,
    @Ctx() context: ApiContext,
  ) {
    const page = async () => {
      const { snapshots } = await owedToPool(context, pool.record, pool.asOf);
      const rows = snapshots.map((snapshot): PoolSnapshotNode => ({ ...snapshot, pool }));
      return POOL_SNAPSHOT_LIST.page(rows, [pool.asOf], args);
    };
    return counted(context, page());
  }
}

@Resolver(() => POOL_SNAPSHOT_LIST.Row)
export class PoolSnapshotResolver {
  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description:
      'What is left of the share when every depositor has its part, rounded down, in wei. Null: the shares at the snapshot are not known.',
  })
  dustWei(
    @Root() { pool: { record }, snapshotId, shareWei, state }: PoolSnapshotNode,
    @Ctx() { loaders }: ApiContext,
  ): Promise<bigint | null> | null {
    if (state === 'UNKNOWN') return null;
    return loaders.poolDust.load({ poolNumber: record.number, snapshotId, poolShareWei: shareWei });
  }
}

@Resolver(() => POOL_SHARE_LIST.Row)
export class PoolShareResolver {
  @Query(() => POOL_SHARE_LIST.Connection, {
    nullable: true,
    description: 'What depositors have of pools, by pool and address.',
  })
  async poolShares(
    @Args(() => POOL_SHARE_LIST.Args) args: PoolSharesArgs,
    @Ctx() context: ApiContext,
  ) {
    const chains = await context.books.asOfChains(args.filter?.chainId, args.at);
    const pools = await poolsOf(context, chains, args.filter);
    const depositor = args.filter?.depositor ?? null;
    return counted(context, poolShareList(context, pools, depositor, args));
  }

  @FieldResolver(() => DepositPoolType, { description: 'The pool, as of the same block.' })
  pool(@Root() { poolRecord, asOf }: PoolShareNode): DepositPoolNode {
    return depositPoolNode(poolRecord, asOf);
  }

  @FieldResolver(() => BigIntScalar, { description: 'The shares of all depositors of the pool.' })
  totalShares(@Root() { poolRecord, asOf }: PoolShareNode, @Ctx() context: ApiContext) {
    return totalSharesOf(context, poolRecord, asOf);
  }

  @FieldResolver(() => ThroughEntitlementType, {
    nullable: true,
    description: 'What it is owed through the pool, in ETH. Only the pool can claim it.',
  })
  async through(
    @Root() { poolRecord, depositor, asOf }: PoolShareNode,
    @Ctx() context: ApiContext,
  ): Promise<ThroughNode | null> {
    return owedThrough(context, poolRecord, asOf, depositor);
  }
}
