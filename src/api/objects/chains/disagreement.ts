import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { AddressScalar, BigIntScalar, SafeIntScalar } from '../../values/scalars.js';

@ObjectType('Disagreement', {
  simpleResolvers: true,
  description:
    "A figure on which the books and the token's contract differ, by the newest audit of it.",
})
export class DisagreementType {
  @Field(() => String, {
    description: 'What differs: the view of the contract with its arguments, e.g. "totalSupply()".',
  })
  readonly figure!: string;

  @Field(() => AddressScalar, {
    nullable: true,
    description: "Whose figure it is; null: the token's own.",
  })
  readonly account!: Address | null;

  @Field(() => SafeIntScalar, { description: 'Block at which it was seen first.' })
  readonly firstBlock!: number;

  @Field(() => SafeIntScalar, {
    description: 'Block at which it was seen last, with these numbers.',
  })
  readonly block!: number;

  @Field(() => BigIntScalar, { description: 'By the books.' })
  readonly ours!: bigint;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'By the contract; null if its view reverts.',
  })
  readonly contract!: bigint | null;
}
