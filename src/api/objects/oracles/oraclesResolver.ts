import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import {
  MODEL_CHANGES,
  MODEL_PAYOUTS,
  type ModelChange,
  type ModelPayout,
} from '../../../store/read/oracles/modelHistory.js';
import { readOpenings } from '../../../store/read/oracles/modelStates.js';
import { connectionType, counted } from '../../lists/engine/connection.js';
import type { StoredListArgs } from '../../lists/engine/defineStoredList.js';
import { MODEL_CHANGE_LIST, modelChangeNode } from '../../lists/modelChanges.js';
import { modelEventList } from '../../lists/modelEvents.js';
import { MODEL_PAYOUT_LIST, modelPayoutNode } from '../../lists/modelPayouts.js';
import { MODEL_LIST, type ModelsArgs, modelList } from '../../lists/models.js';
import type { ApiContext } from '../../request/context.js';
import { readShared } from '../../request/sharedRead.js';
import { type ModelNode, ModelOpeningType, ModelType, termsNode } from './model.js';

const ModelConnection = connectionType(ModelType, 'Model', 'models');

const CHANGES = { table: MODEL_CHANGES, list: MODEL_CHANGE_LIST };
const PAYOUTS = { table: MODEL_PAYOUTS, list: MODEL_PAYOUT_LIST };

@Resolver(() => ModelType)
export class ModelResolver {
  @Query(() => ModelConnection, {
    nullable: true,
    description:
      'The models of AI oracles that were seen by then, removed ones too, by oracle and model id.',
  })
  models(@Args(() => MODEL_LIST.Args) args: ModelsArgs, @Ctx() context: ApiContext) {
    return counted(context, modelList(context, args));
  }

  @FieldResolver(() => ModelOpeningType, {
    nullable: true,
    description:
      'What it was when indexing began, if that was in its mid-life; changes before are not known.',
  })
  async opening(
    @Root() { chainId, record: { contractNumber, modelId } }: ModelNode,
    @Ctx() context: ApiContext,
  ): Promise<ModelOpeningType | null> {
    const read = () => readOpenings(context.db, contractNumber);
    const openings = await readShared(context, ['openings', contractNumber], read);
    const opening = openings.get(modelId);
    if (opening === undefined) return null;
    return { ...termsNode(opening.terms, chainId), accrued: opening.accrued };
  }

  @FieldResolver(() => MODEL_CHANGE_LIST.Connection, { description: 'The history of its terms.' })
  changes(
    @Root() model: ModelNode,
    @Args(() => MODEL_CHANGE_LIST.Args) args: StoredListArgs<string>,
    @Ctx() context: ApiContext,
  ) {
    const toNode = (change: ModelChange) => modelChangeNode(change, model.chainId);
    return counted(context, modelEventList(context, CHANGES, model, args, toNode));
  }

  @FieldResolver(() => MODEL_PAYOUT_LIST.Connection, {
    description: 'What it paid to its receivers.',
  })
  payouts(
    @Root() model: ModelNode,
    @Args(() => MODEL_PAYOUT_LIST.Args) args: StoredListArgs<string>,
    @Ctx() context: ApiContext,
  ) {
    const toNode = (payout: ModelPayout) => modelPayoutNode(payout, model.oracle.chainId);
    return counted(context, modelEventList(context, PAYOUTS, model, args, toNode));
  }
}
