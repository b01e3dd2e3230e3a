import { Args, Ctx, Resolver, Root, Subscription } from 'type-graphql';
import { ImoError } from '../../errors.js';
import { ChainStatusType } from '../objects/chains/status.js';
import { StatusResolver } from '../objects/chains/statusResolver.js';
import { HolderType } from '../objects/holders/holder.js';
import { HolderResolver } from '../objects/holders/holdersResolver.js';
import type { ApiContext } from '../request/context.js';
import {
  AccountArgs,
  ChainArgs,
  EntitlementArgs,
  HolderArgs,
  PayerArgs,
  TokenArgs,
} from './args.js';
import type { BooksChange, LiveFilter } from './books/change.js';
import type { EntitlementDue } from './books/entitlementFilter.js';
import type { FeedName } from './books/feeds.js';
import type { LiveHub } from './books/hub.js';
import { operationChanges, snapshotChanges } from './nodes.js';
import {
  ClaimChanges,
  ReceiptChanges,
  RedemptionChanges,
  SnapshotChanges,
  TransferChanges,
} from './types.js';

/** What graphql hands to the start of a subscription. */
interface Start<Arguments> {
  readonly args: Arguments;
  readonly context: ApiContext;
}

const holders = new HolderResolver();
const statuses = new StatusResolver();

@Resolver()
export class LiveResolver {
  @Subscription(() => ReceiptChanges, {
    nullable: true,
    description: 'Money that reaches tokens, as it comes in.',
    subscribe: (start: Start<PayerArgs>) =>
      followList('receipts', start, { ...start.args, account: start.args.payer }),
  })
  receipts(
    @Root() change: BooksChange,
    @Args(() => PayerArgs) _: PayerArgs,
    @Ctx() context: ApiContext,
  ) {
    return operationChanges(change, context);
  }

  @Subscription(() => ClaimChanges, {
    nullable: true,
    description: 'Shares of snapshots, as holders take them.',
    subscribe: (start: Start<HolderArgs>) =>
      followList('claims', start, { ...start.args, account: start.args.holder }),
  })
  claims(
    @Root() change: BooksChange,
    @Args(() => HolderArgs) _: HolderArgs,
    @Ctx() context: ApiContext,
  ) {
    return operationChanges(change, context);
  }

  @Subscription(() => RedemptionChanges, {
    nullable: true,
    description: 'Tokens burned for revenue, as it happens.',
    subscribe: (start: Start<HolderArgs>) =>
      followList('redemptions', start, { ...start.args, account: start.args.holder }),
  })
  redemptions(
    @Root() change: BooksChange,
    @Args(() => HolderArgs) _: HolderArgs,
    @Ctx() context: ApiContext,
  ) {
    return operationChanges(change, context);
  }

  @Subscription(() => TransferChanges, {
    nullable: true,
    description: 'ERC-20 transfers of tokens, as they happen.',
    subscribe: (start: Start<AccountArgs>) => followList('transfers', start, start.args),
  })
  transfers(
    @Root() change: BooksChange,
    @Args(() => AccountArgs) _: AccountArgs,
    @Ctx() context: ApiContext,
  ) {
    return operationChanges(change, context);
  }

  @Subscription(() => SnapshotChanges, {
    nullable: true,
    description:
      'Snapshots, as they are taken, with their figures of that moment: what is claimed of them later is said by claims.',
    subscribe: (start: Start<TokenArgs>) => followList('snapshots', start, start.args),
  })
  snapshots(
    @Root() change: BooksChange,
    @Args(() => TokenArgs) _: TokenArgs,
    @Ctx() context: ApiContext,
  ) {
    return snapshotChanges(change, context);
  }

  @Subscription(() => HolderType, {
    nullable: true,
    description:
      'What an account is owed: its value now, and a new one whenever it may have changed, by what the account did, by its tokens, or by a reorg.',
    subscribe: async ({ args, context }: Start<EntitlementArgs>) => {
      await assertFollowed(context, args);
      return hubOf(context).followEntitlement({ ...args, account: args.address });
    },
  })
  async holder(
    @Root() due: EntitlementDue,
    @Args(() => EntitlementArgs) { address, chainId, token }: EntitlementArgs,
    @Ctx() context: ApiContext,
  ): Promise<HolderType> {
    const { positions } = await holders.holder({ address, chainId, at: null }, context);
    due.held ??= new Set();
    for (const { tokenRecord } of positions) due.held.add(tokenRecord.number);
    const wanted = positions.filter(
      ({ tokenRecord }) => token == null || tokenRecord.address === token,
    );
    return { address, positions: wanted };
  }

  @Subscription(() => [ChainStatusType], {
    nullable: true,
    description:
      'How far each chain is indexed: now, with every commit, and every 15 seconds in between.',
    subscribe: async ({ args, context }: Start<ChainArgs>) => {
      await assertFollowed(context, args);
      return hubOf(context).followStatus(args.chainId);
    },
  })
  async status(
    @Args(() => ChainArgs) { chainId }: ChainArgs,
    @Ctx() context: ApiContext,
  ): Promise<ChainStatusType[]> {
    const all = await statuses.status(context);
    return chainId == null ? all : all.filter((chain) => chain.chainId === chainId);
  }
}

/** @throws ImoError `UNKNOWN_CHAIN`, `UNKNOWN_TOKEN`, `NOTHING_INDEXED`, or as `LiveHub.followList` */
async function followList(feed: FeedName, { context }: Start<TokenArgs>, filter: LiveFilter) {
  const { books } = context;
  // A filter that lets nothing through would only be silent.
  const asOf = await books.asOfChains(filter.chainId, null);
  const tokens = await books.tokensOf(asOf, filter.token);
  await books.booksIn(filter.asset, tokens);
  return hubOf(context).followList(feed, filter);
}

/**
 * A subscription to nothing would be silent. Before the first commit there is nothing to compare with.
 *
 * @throws ImoError `UNKNOWN_CHAIN` or `UNKNOWN_TOKEN`
 */
async function assertFollowed({ books }: ApiContext, { chainId, token }: TokenArgs): Promise<void> {
  if (chainId != null && !(await books.isAwaited(chainId))) await books.assertChain(chainId);
  if (token == null) return;
  const heads = await books.heads();
  await books.tokensOf(chainId == null ? heads : new Map([[chainId, null]]), token);
}

function hubOf({ live }: ApiContext): LiveHub {
  if (live !== null) return live;
  throw new ImoError(
    'LIVE_UNAVAILABLE',
    'this server has no subscriptions',
    'Poll the queries of the same names instead.',
  );
}
