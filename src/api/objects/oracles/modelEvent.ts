import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { ModelChange, ModelPayout } from '../../../store/read/oracles/modelHistory.js';
import type { Hex } from '../../../store/read/query/decode.js';
import { ModelChangeKind, PayoutCause } from '../../values/oracleEnums.js';
import {
  AddressScalar,
  BigIntScalar,
  Bytes32Scalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { ASSET_DESCRIPTION, ModelTermsType, paymentTokenOf, termsNode } from './model.js';

/** What every event of a model has. */
@ObjectType({ simpleResolvers: true })
class ModelEventType {
  @Field(() => ID, { description: 'Unique; sorts in the order of the chain.' })
  readonly id!: string;

  @Field(() => SafeIntScalar, { description: 'Block number.' })
  readonly block!: number;

  @Field(() => DateTimeScalar, { description: 'Time of the block.' })
  readonly timestamp!: Date;

  @Field(() => Bytes32Scalar, { description: 'Its transaction.' })
  readonly transactionHash!: Hex;

  @Field(() => Int, { description: 'Index of the transaction in its block.' })
  readonly transactionIndex!: number;
}

@ObjectType('ModelChange', {
  simpleResolvers: true,
  description: "A change of a model's terms, and the terms after it.",
})
export class ModelChangeType extends ModelEventType {
  @Field(() => ModelChangeKind, { description: 'What was changed.' })
  readonly kind!: ModelChangeKind;

  @Field(() => ModelTermsType, { description: 'The terms in force from then on.' })
  readonly terms!: ModelTermsType;
}

@ObjectType('ModelPayout', {
  simpleResolvers: true,
  description: 'The accrued revenue of a model, all of it, went to its receiver.',
})
export class ModelPayoutType extends ModelEventType {
  @Field(() => PayoutCause, { description: 'Why.' })
  readonly cause!: PayoutCause;

  @Field(() => AddressScalar, { description: 'Who made the oracle pay.' })
  readonly caller!: Address;

  @Field(() => AddressScalar, { description: 'Who was paid.' })
  readonly receiver!: Address;

  @Field(() => AddressScalar, { nullable: true, description: ASSET_DESCRIPTION })
  readonly paymentToken!: Address | null;

  @Field(() => BigIntScalar, { description: 'Amount in the smallest unit of the asset.' })
  readonly amount!: bigint;
}

export function modelChangeNode(change: ModelChange): ModelChangeType {
  const { id, block, timestamp, transactionHash, transactionIndex } = change;
  const kind = known(ModelChangeKind, change.kind);
  const terms = termsNode(change);
  return { id, block, timestamp, transactionHash, transactionIndex, kind, terms };
}

/** A payout with what its value is found by. */
export interface ModelPayoutNode extends ModelPayoutType {
  readonly chainId: number;
  readonly asset: string;
}

export function modelPayoutNode(payout: ModelPayout, chainId: number): ModelPayoutNode {
  const cause = known(PayoutCause, payout.cause);
  return { ...payout, chainId, cause, paymentToken: paymentTokenOf(payout.asset) };
}

function known<Value extends string>(values: Record<string, Value>, text: string): Value {
  const value = Object.values(values).find((candidate) => candidate === text);
  if (value === undefined) throw new RangeError(`a row has the unknown kind "${text}"`);
  return value;
}
