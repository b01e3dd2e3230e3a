import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import {
  MODEL_CHANGES,
  MODEL_PAYOUTS,
  type ModelPayout,
} from '../../../store/read/oracles/modelHistory.js';
import { readOpenings } from '../../../store/read/oracles/modelStates.js';
import {
  type OracleResult,
  RESULT_VERSIONS,
  type ResultVersion,
  resultsOf,
} from '../../../store/read/oracles/oracleResults.js';
import type { VersionedKey } from '../../../store/read/query/versionPages.js';
import { connectionType, counted } from '../../lists/engine/connection.js';
import { operationList } from '../../lists/engine/operationList.js';
import { versionList } from '../../lists/engine/versionList.js';
import {
  ModelChangesArgs,
  ModelPayoutsArgs,
  ModelsArgs,
  RequestResultsArgs,
  RequestsArgs,
  ResultsArgs,
} from '../../lists/inputs/oracleInputs.js';
import { modelEventList } from '../../lists/modelEvents.js';
import { modelList } from '../../lists/models.js';
import { REQUEST_SET, RESULT_SET } from '../../lists/oracleRequests.js';
import type { ApiContext } from '../../request/context.js';
import { readShared } from '../../request/sharedRead.js';
import { type ModelNode, ModelOpeningType, ModelType, modelNode, termsNode } from './model.js';
import {
  ModelChangeType,
  ModelPayoutType,
  modelChangeNode,
  modelPayoutNode,
} from './modelEvent.js';
import { OracleResultType, type RequestNode, RequestType, ResultType } from './oracleRequest.js';

const ModelConnection = connectionType(ModelType, 'Model', 'models');
const ModelChangeConnection = connectionType(ModelChangeType, 'ModelChange', 'changes of terms');
const ModelPayoutConnection = connectionType(ModelPayoutType, 'ModelPayout', 'payouts');
const ResultConnection = connectionType(ResultType, 'Result', 'results');
const RequestConnection = connectionType(RequestType, 'Request', 'requests');

@Resolver(() => ModelType)
export class ModelResolver {
  @Query(() => ModelConnection, {
    nullable: true,
    description:
      'The models of AI oracles that were seen by then, removed ones too, by oracle and model id.',
  })
  models(@Args(() => ModelsArgs) args: ModelsArgs, @Ctx() context: ApiContext) {
    return counted(context, modelList(context, args));
  }

  @FieldResolver(() => ModelOpeningType, {
    nullable: true,
    description:
      'What it was when indexing began, if that was in its mid-life; changes before are not known.',
  })
  async opening(
    @Root() { record: { contractNumber, modelId } }: ModelNode,
    @Ctx() context: ApiContext,
  ): Promise<ModelOpeningType | null> {
    const read = () => readOpenings(context.db, contractNumber);
    const openings = await readShared(context, ['openings', contractNumber], read);
    const opening = openings.get(modelId);
    return opening === undefined ? null : { ...termsNode(opening.terms), accrued: opening.accrued };
  }

  @FieldResolver(() => ModelChangeConnection, { description: 'The history of its terms.' })
  changes(
    @Root() model: ModelNode,
    @Args(() => ModelChangesArgs) args: ModelChangesArgs,
    @Ctx() context: ApiContext,
  ) {
    return counted(context, modelEventList(context, MODEL_CHANGES, model, args, modelChangeNode));
  }

  @FieldResolver(() => ModelPayoutConnection, { description: 'What it paid to its receivers.' })
  payouts(
    @Root() model: ModelNode,
    @Args(() => ModelPayoutsArgs) args: ModelPayoutsArgs,
    @Ctx() context: ApiContext,
  ) {
    const toNode = (payout: ModelPayout) => modelPayoutNode(payout, model.oracle.chainId);
    return counted(context, modelEventList(context, MODEL_PAYOUTS, model, args, toNode));
  }
}

@Resolver(() => RequestType)
export class RequestResolver {
  @Query(() => RequestConnection, {
    nullable: true,
    description: 'Requests to the models of AI oracles, and what each cost.',
  })
  requests(@Args(() => RequestsArgs) args: RequestsArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, REQUEST_SET, args));
  }

  @FieldResolver(() => ModelType, { description: 'The model, as of the moment of the list.' })
  async model(
    @Root() { oracleRecord, modelId, asOf }: RequestNode,
    @Ctx() { loaders }: ApiContext,
  ): Promise<ModelNode> {
    const key = { contractNumber: oracleRecord.number, block: asOf.block };
    const record = (await loaders.models.load(key)).find((model) => model.modelId === modelId);
    if (record === undefined) throw new RangeError(`a request to model ${modelId} has no model`);
    return modelNode(oracleRecord, record, asOf);
  }

  @FieldResolver(() => [OracleResultType], {
    description:
      'The results with its id that came after it, oldest first; requests that share an id share them.',
    deprecationReason: 'Use resultsConnection, which has conditions and pages.',
  })
  async results(
    @Root() request: RequestNode,
    @Ctx() { loaders, budget }: ApiContext,
  ): Promise<OracleResult[]> {
    const all = { direction: 'ASC', start: null, limit: null } as const;
    const results = await loaders.versions.read(RESULT_VERSIONS, keyOf(request), all);
    budget.spendRows(results.length);
    return results;
  }

  @FieldResolver(() => ResultConnection, {
    description:
      'The results with its id that came after it; requests that share an id share them.',
  })
  resultsConnection(
    @Root() request: RequestNode,
    @Args(() => RequestResultsArgs) args: RequestResultsArgs,
    @Ctx() context: ApiContext,
  ) {
    const { oracleRecord: oracle, asOf } = request;
    const source = { table: RESULT_VERSIONS, key: keyOf(request), asOf };
    const toNode = (result: ResultVersion) => ({ ...result, oracle });
    return counted(context, versionList(context, { ...source, toNode }, args));
  }
}

function keyOf({ id, oracleRecord, requestId, asOf }: RequestNode): VersionedKey {
  return resultsOf({ id, contractNumber: oracleRecord.number, requestId, block: asOf.block });
}

@Resolver(() => ResultType)
export class ResultResolver {
  @Query(() => ResultConnection, {
    nullable: true,
    description: 'Answers of AI oracles; one that was challenged is delivered again.',
  })
  results(@Args(() => ResultsArgs) args: ResultsArgs, @Ctx() context: ApiContext) {
    return counted(context, operationList(context, RESULT_SET, args));
  }
}
