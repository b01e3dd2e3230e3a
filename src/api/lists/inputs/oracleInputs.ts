import { ArgsType, Field } from 'type-graphql';
import type {
  ModelChangeValues,
  ModelPayoutValues,
} from '../../../store/read/oracles/modelHistory.js';
import type { Where } from '../../../store/read/query/where.js';
import { OrderDirection } from '../../values/enums.js';
import { OperationOrderBy } from '../../values/orderEnums.js';
import { PageArgs } from '../engine/inputs.js';
import { ModelChangeWhere, ModelPayoutWhere } from './listWheres.js';

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
