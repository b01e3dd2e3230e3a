import { ArgsType, Field, InputType, Int } from 'type-graphql';
import type { Address } from '../../../address.js';
import {
  AddressScalar,
  BigIntScalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';

@InputType('AtInput', {
  description:
    'The moment that an answer is for: a block or a time, not both. Nothing: the newest indexed block.',
})
export class AtInput {
  @Field(() => SafeIntScalar, { nullable: true, description: 'The end of this block.' })
  readonly block?: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The newest block that is not later than this time.',
  })
  readonly timestamp?: Date | null;
}

@InputType('IntRange', { description: 'Whole numbers between two ends, both included.' })
export class IntRange {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Not less than this.' })
  readonly gte?: number | null;

  @Field(() => SafeIntScalar, { nullable: true, description: 'Not more than this.' })
  readonly lte?: number | null;
}

@InputType('BigIntRange', { description: 'Amounts between two ends, both included.' })
export class BigIntRange {
  @Field(() => BigIntScalar, { nullable: true, description: 'Not less than this.' })
  readonly gte?: bigint | null;

  @Field(() => BigIntScalar, { nullable: true, description: 'Not more than this.' })
  readonly lte?: bigint | null;
}

@InputType('DateTimeRange', { description: 'Times between two ends, both included.' })
export class DateTimeRange {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Not earlier than this.' })
  readonly gte?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Not later than this.' })
  readonly lte?: Date | null;
}

/** The requested part of a list: the arguments of a Relay connection. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'The first so many rows; 0 to 1000, 50 if neither first nor last is given.',
  })
  readonly first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only rows after this cursor.' })
  readonly after?: string | null;

  @Field(() => Int, { nullable: true, description: 'The last so many rows; 0 to 1000.' })
  readonly last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only rows before this cursor.' })
  readonly before?: string | null;
}

/** Which token, and when. */
@ArgsType()
export class TokenAtArgs {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'The token.' })
  readonly token!: Address;

  @Field(() => AtInput, {
    nullable: true,
    description: 'The moment to answer for; default: the newest indexed block.',
  })
  readonly at?: AtInput | null;
}
