import { ArgsType, Field, InputType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type {
  ModelChangeValues,
  ModelPayoutValues,
} from '../../../store/read/oracles/modelHistory.js';
import type { Where } from '../../../store/read/query/where.js';
import { OrderDirection } from '../../values/enums.js';
import { ModelOrderBy, OperationOrderBy } from '../../values/orderEnums.js';
import { AddressScalar, BigIntScalar, SafeIntScalar } from '../../values/scalars.js';
import { AtInput, PageArgs } from '../engine/inputs.js';
import type { ModelFields } from './listFields.js';
import { ModelChangeWhere, ModelPayoutWhere, ModelWhere } from './listWheres.js';

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
