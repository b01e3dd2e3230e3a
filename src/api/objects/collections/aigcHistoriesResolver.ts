import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { versionsOfToken } from '../../../store/read/collections/aigcHistory.js';
import {
  AIGC_DATA_LIST,
  type AigcDataNode,
  aigcDataNode,
  DATA_HISTORY,
} from '../../lists/aigcData.js';
import { AIGC_TOKEN_LIST, type AigcTokenNode } from '../../lists/aigcTokens.js';
import { AIGC_TRANSFER_LIST, OWNER_HISTORY } from '../../lists/aigcTransfers.js';
import { type Connection, counted } from '../../lists/engine/connection.js';
import type { StoredListArgs } from '../../lists/engine/defineStoredList.js';
import { versionList } from '../../lists/engine/versionList.js';
import type { ApiContext } from '../../request/context.js';
import { SafeIntScalar } from '../../values/scalars.js';

@Resolver(() => AIGC_TOKEN_LIST.Row)
export class AigcTokenHistoryResolver {
  @FieldResolver(() => AIGC_TRANSFER_LIST.Connection, { description: 'Its owners so far.' })
  ownerHistory(
    @Root() { record, upTo, collection }: AigcTokenNode,
    @Args(() => AIGC_TRANSFER_LIST.Args) args: StoredListArgs<string>,
    @Ctx() context: ApiContext,
  ) {
    const key = versionsOfToken(record.collectionNumber, record.tokenId, upTo);
    const { asOf } = collection;
    const source = { table: OWNER_HISTORY, key, asOf };
    return counted(
      context,
      versionList(
        context,
        { ...source, toNode: (version) => ({ ...version, chainId: asOf.chainId }) },
        args,
      ),
    );
  }

  @FieldResolver(() => AIGC_DATA_LIST.Connection, {
    description: 'All that anybody wrote so far; isCurrent marks what the token shows.',
  })
  dataHistory(
    @Root() { record, upTo, collection }: AigcTokenNode,
    @Args(() => AIGC_DATA_LIST.Args) args: StoredListArgs<string>,
    @Ctx() context: ApiContext,
  ) {
    const key = versionsOfToken(record.collectionNumber, record.tokenId, upTo);
    const node = collection;
    const source = { table: DATA_HISTORY, key, asOf: node.asOf };
    return counted(
      context,
      versionList(
        context,
        {
          ...source,
          toNode: (version) => aigcDataNode(version, node, upTo, record.data?.id ?? null),
        },
        args,
      ),
    );
  }
}

@Resolver(() => AIGC_TRANSFER_LIST.Connection)
export class AigcOwnerHistoryResolver {
  @FieldResolver(() => [AIGC_TRANSFER_LIST.Row], {
    description: 'The rows.',
    deprecationReason: 'The same as `nodes`.',
  })
  transfers(@Root() { nodes }: Connection<unknown>) {
    return nodes;
  }

  @FieldResolver(() => SafeIntScalar, {
    description: 'How many there are in all.',
    deprecationReason: 'The same as `totalCount`.',
  })
  count(@Root() history: Connection<unknown>): Promise<number> {
    return history.totalCount();
  }
}

@Resolver(() => AIGC_DATA_LIST.Connection)
export class AigcDataHistoryResolver {
  @FieldResolver(() => [AIGC_DATA_LIST.Row], {
    description: 'The rows.',
    deprecationReason: 'The same as `nodes`.',
  })
  versions(@Root() { nodes }: Connection<AigcDataNode>) {
    return nodes;
  }

  @FieldResolver(() => SafeIntScalar, {
    description: 'How many there are in all.',
    deprecationReason: 'The same as `totalCount`.',
  })
  count(@Root() history: Connection<AigcDataNode>): Promise<number> {
    return history.totalCount();
  }
}
