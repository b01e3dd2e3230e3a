import { Field, ObjectType } from 'type-graphql';
import { ASSET_TEXT, AssetScalar, DateTimeScalar, SafeIntScalar } from '../values/scalars.js';

/** What every step of a series has. */
@ObjectType()
export abstract class SeriesStepType {
  @Field(() => DateTimeScalar, { description: 'Start of the step.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { description: 'First moment after the step.' })
  readonly to!: Date;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'The block that the figures of the end are as of: the newest one before `to` with operations on the chain, not later than the moment of the answer. Null before the first one.',
  })
  readonly block!: number | null;

  @Field(() => AssetScalar, { description: ASSET_TEXT })
  readonly asset!: string;
}
