import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { connectionType, counted } from '../../lists/engine/connection.js';
import { REORG_LIST, type ReorgsArgs, reorgList } from '../../lists/reorgs.js';
import type { ApiContext } from '../../request/context.js';
import { ReorgType } from './reorg.js';

const ReorgConnection = connectionType(ReorgType, 'Reorg', 'reorgs');

@Resolver(() => ReorgType)
export class ReorgResolver {
  @Query(() => ReorgConnection, {
    nullable: true,
    description:
      'Reorganisations that the indexer handled, the newest 100 of each chain. Not part of the books: a database that was filled later has fewer.',
  })
  reorgs(@Args(() => REORG_LIST.Args) args: ReorgsArgs, @Ctx() context: ApiContext) {
    return counted(context, reorgList(context, args));
  }
}
