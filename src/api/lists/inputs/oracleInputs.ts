import { ArgsType, Field, InputType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type {
  ModelChangeValues,
  ModelPayoutValues,
} from '../../../store/read/oracles/modelHistory.js';
import type { Hex } from '../../../store/read/query/decode.js';
import type { Where } from '../../../store/read/query/where.js';
import { OrderDirection } from '../../values/enums.js';
import { ModelOrderBy, OperationOrderBy } from '../../values/orderEnums.js';
import { AddressScalar, BigIntScalar, Bytes32Scalar, SafeIntScalar } from '../../values/scalars.js';
import { AtInput, BigIntRange, DateTimeRange, IntRange, PageArgs } from '../engine/inputs.js';
import type { ModelFields, RequestFields, ResultFields } from './listFields.js';
import { ModelChangeWhere, ModelPayoutWhere, ModelWhere } from './listWheres.js';
import { RequestWhere, ResultWhere } from './operationWheres.js';

@InputType('ModelFilter', { description: 'Which models; all conditions must hold.' })
export class ModelFilterInput {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Only models of this oracle.' })
  readonly oracle?: Address | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Only this model id.' })
  readonly modelId?: bigint | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only models that pay this account at the moment of the answer.',
  })
  readonly receiver?: Address | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only models that are served (true) or removed (false).',
  })
  readonly exists?: boolean | null;
}

@InputType('RequestFilter', { description: 'Which requests; all conditions must hold.' })
export class RequestFilterInput {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Only requests to this oracle.' })
  readonly oracle?: Address | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Only requests to this model.' })
  readonly modelId?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: "Only this id of the oracle's own; several requests can share it.",
  })
  readonly requestId?: bigint | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Only what this account asked.' })
  readonly account?: Address | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only in transactions that this account signed.',
  })
  readonly payer?: Address | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only requests whose result goes to this contract.',
  })
  readonly callbackContract?: Address | null;

  @Field(() => Bytes32Scalar, { nullable: true, description: 'Only this transaction.' })
  readonly transactionHash?: Hex | null;

  @Field(() => BigIntRange, {
    nullable: true,
    description: "Only fees in this range, in the smallest unit of the model's asset.",
  })
  readonly fee?: BigIntRange | null;

  @Field(() => IntRange, { nullable: true, description: 'Only blocks in this range.' })
  readonly block?: IntRange | null;

  @Field(() => DateTimeRange, { nullable: true, description: 'Only times in this range.' })
  readonly timestamp?: DateTimeRange | null;
}

const AT_DESCRIPTION =
  'The moment to answer for; a block needs filter.chainId where several chains are indexed. Default: the newest indexed block of each chain.';

@ArgsType()
export class ModelsArgs extends PageArgs {
  @Field(() => ModelFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: ModelFilterInput | null;

  @Field(() => ModelWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<ModelFields> | null;

  @Field(() => ModelOrderBy, {
    defaultValue: ModelOrderBy.MODEL,
    description: 'What the list is ordered by.',
  })
  readonly orderBy!: ModelOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'Oldest or smallest (ASC), or newest or largest (DESC) first.',
  })
  readonly direction!: OrderDirection;

  @Field(() => AtInput, { nullable: true, description: AT_DESCRIPTION })
  readonly at?: AtInput | null;
}

@ArgsType()
export class RequestsArgs extends PageArgs {
  @Field(() => RequestFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: RequestFilterInput | null;

  @Field(() => RequestWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<RequestFields> | null;

  @Field(() => OperationOrderBy, {
    defaultValue: OperationOrderBy.CHAIN,
    description: 'What the list is ordered by; AMOUNT: the fee.',
  })
  readonly orderBy!: OperationOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Newest or largest (DESC), or oldest or smallest (ASC) first.',
  })
  readonly direction!: OrderDirection;

  @Field(() => AtInput, { nullable: true, description: AT_DESCRIPTION })
  readonly at?: AtInput | null;
}

@InputType('ResultFilter', { description: 'Which results; all conditions must hold.' })
export class ResultFilterInput {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Only results of this oracle.' })
  readonly oracle?: Address | null;

  @Field(() => BigIntScalar, { nullable: true, description: "Only this id of the oracle's own." })
  readonly requestId?: bigint | null;

  @Field(() => IntRange, { nullable: true, description: 'Only blocks in this range.' })
  readonly block?: IntRange | null;

  @Field(() => DateTimeRange, { nullable: true, description: 'Only times in this range.' })
  readonly timestamp?: DateTimeRange | null;
}

@ArgsType()
export class ResultsArgs extends PageArgs {
  @Field(() => ResultFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: ResultFilterInput | null;

  @Field(() => ResultWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<ResultFields> | null;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Newest (DESC) or oldest (ASC) first.',
  })
  readonly direction!: OrderDirection;

  @Field(() => AtInput, { nullable: true, description: AT_DESCRIPTION })
  readonly at?: AtInput | null;
}

/** Results of a request that is already known. */
@ArgsType()
export class RequestResultsArgs extends PageArgs {
  @Field(() => ResultWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<ResultFields> | null;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'Oldest (ASC) or newest (DESC) first.',
  })
  readonly direction!: OrderDirection;
}

/** Events of a model that is already known. */
@ArgsType()
export class ModelEventsArgs extends PageArgs {
  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'Oldest (ASC) or newest (DESC) first.',
  })
  readonly direction!: OrderDirection;
}

@ArgsType()
export class ModelChangesArgs extends ModelEventsArgs {
  @Field(() => ModelChangeWhere, {
    nullable: true,
    description: 'Only these, by their own fields.',
  })
  readonly where?: Where<ModelChangeValues> | null;
}

@ArgsType()
export class ModelPayoutsArgs extends ModelEventsArgs {
  @Field(() => ModelPayoutWhere, {
    nullable: true,
    description: 'Only these, by their own fields.',
  })
  readonly where?: Where<ModelPayoutValues> | null;

  @Field(() => OperationOrderBy, {
    defaultValue: OperationOrderBy.CHAIN,
    description: 'What the list is ordered by; AMOUNT: what was paid, whatever its asset.',
  })
  readonly orderBy!: OperationOrderBy;
}
