import { Args, ArgsType, Ctx, Field, FieldResolver, Resolver, Root } from 'type-graphql';
import {
  type AigcDataValues,
  type AigcTransferValues,
  DATA_VERSIONS,
  OWNER_VERSIONS,
  versionsOfToken,
} from '../../../store/read/collections/aigcHistory.js';
import type { Where } from '../../../store/read/query/where.js';
import { type Connection, connectionType, counted } from '../../lists/engine/connection.js';
import { PageArgs } from '../../lists/engine/inputs.js';
import { versionList } from '../../lists/engine/versionList.js';
import { AigcDataWhere, AigcTransferWhere } from '../../lists/inputs/versionWheres.js';
import type { ApiContext } from '../../request/context.js';
import { OrderDirection } from '../../values/enums.js';
import { SafeIntScalar } from '../../values/scalars.js';
import {
  AigcDataType,
  type AigcTokenNode,
  AigcTokenType,
  AigcTransferType,
  aigcDataNode,
} from './aigcToken.js';
import type { CollectionNode } from './collection.js';

@ArgsType()
class HistoryArgs extends PageArgs {
  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Newest (DESC) or oldest (ASC) first.',
  })
  readonly direction!: OrderDirection;
}

@ArgsType()
class OwnerHistoryArgs extends HistoryArgs {
  @Field(() => AigcTransferWhere, {
    nullable: true,
    description: 'Only these, by their own fields.',
  })
  readonly where?: Where<AigcTransferValues> | null;
}

@ArgsType()
class DataHistoryArgs extends HistoryArgs {
  @Field(() => AigcDataWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<AigcDataValues> | null;
}

const AigcOwnerHistory = connectionType(
  AigcTransferType,
  'AigcTransfer',
  'transfers of a token of a collection',
  { name: 'AigcOwnerHistory', description: 'A page of the owners of a token.' },
);
const AigcDataHistory = connectionType(AigcDataType, 'AigcData', 'contents of a token', {
  name: 'AigcDataHistory',
  description: 'A page of the contents of a token.',
});

@Resolver(() => AigcTokenType)
export class AigcTokenHistoryResolver {
  @FieldResolver(() => AigcOwnerHistory, { description: 'Its owners so far.' })
  ownerHistory(
    @Root() { record, upTo, collection }: AigcTokenNode,
    @Args(() => OwnerHistoryArgs) args: OwnerHistoryArgs,
    @Ctx() context: ApiContext,
  ) {
    const key = versionsOfToken(record.collectionNumber, record.tokenId, upTo);
    const { asOf } = collection as CollectionNode;
    const source = { table: OWNER_VERSIONS, key, asOf };
    return counted(
      context,
      versionList(context, { ...source, toNode: (version) => version }, args),
    );
  }

  @FieldResolver(() => AigcDataHistory, {
    description: 'All that anybody wrote so far; isCurrent marks what the token shows.',
  })
  dataHistory(
    @Root() { record, upTo, collection }: AigcTokenNode,
    @Args(() => DataHistoryArgs) args: DataHistoryArgs,
    @Ctx() context: ApiContext,
  ) {
    const key = versionsOfToken(record.collectionNumber, record.tokenId, upTo);
    const node = collection as CollectionNode;
    const source = { table: DATA_VERSIONS, key, asOf: node.asOf };
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

@Resolver(() => AigcOwnerHistory)
export class AigcOwnerHistoryResolver {
  @FieldResolver(() => [AigcTransferType], {
    description: 'The rows.',
    deprecationReason: 'The same as `nodes`.',
  })
  transfers(@Root() { nodes }: Connection<AigcTransferType>) {
    return nodes;
  }

  @FieldResolver(() => SafeIntScalar, {
    description: 'How many there are in all.',
    deprecationReason: 'The same as `totalCount`.',
  })
  count(@Root() history: Connection<AigcTransferType>): Promise<number> {
    return history.totalCount();
  }
}

@Resolver(() => AigcDataHistory)
export class AigcDataHistoryResolver {
  @FieldResolver(() => [AigcDataType], {
    description: 'The rows.',
    deprecationReason: 'The same as `nodes`.',
  })
  versions(@Root() { nodes }: Connection<AigcDataType>) {
    return nodes;
  }

  @FieldResolver(() => SafeIntScalar, {
    description: 'How many there are in all.',
    deprecationReason: 'The same as `totalCount`.',
  })
  count(@Root() history: Connection<AigcDataType>): Promise<number> {
    return history.totalCount();
  }
}
