import { Field, ObjectType } from 'type-graphql';
import { SafeIntScalar } from '../../values/scalars.js';

@ObjectType('ChainGroup', {
  simpleResolvers: true,
  description:
    'Contracts of a chain that a process of their own indexes. Answers are as of the newest block that all groups have.',
})
export class ChainGroupType {
  @Field(() => String, { description: 'Its name in the config; main: the contracts of no other.' })
  readonly name!: string;

  @Field(() => SafeIntScalar, { description: 'How many contracts it has.' })
  readonly contracts!: number;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Newest block that it has indexed; null while it has none.',
  })
  readonly indexedBlock!: number | null;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Blocks that it is behind the chain; null if either end is unknown.',
  })
  readonly lagBlocks!: number | null;
}
