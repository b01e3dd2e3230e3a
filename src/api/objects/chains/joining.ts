import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { AddressScalar, BigIntScalar, SafeIntScalar } from '../../values/scalars.js';

@ObjectType('JoiningContract', {
  simpleResolvers: true,
  description: 'A contract whose books are to join those of its chain.',
})
export class JoiningContractType {
  @Field(() => String, { description: '`token`, `oracle`, `collection`, `sale` or `pool`.' })
  readonly kind!: string;

  @Field(() => AddressScalar, { description: 'Its address.' })
  readonly address!: Address;
}

@ObjectType('JoiningBooks', {
  simpleResolvers: true,
  description:
    'Books of contracts that were added or are booked again, next to the live books. Nothing else shows them before they are complete.',
})
export class JoiningBooksType {
  @Field(() => [JoiningContractType], { description: 'The contracts, which join together.' })
  readonly contracts!: readonly JoiningContractType[];

  @Field(() => SafeIntScalar, { description: 'First block of the oldest of them.' })
  readonly fromBlock!: number;

  @Field(() => SafeIntScalar, {
    description: 'Newest block that is booked; the one before the first if there is none.',
  })
  readonly block!: number;

  @Field(() => SafeIntScalar, { description: 'Newest block of the live books.' })
  readonly toBlock!: number;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'Milliseconds until they join, by the speed since the last start; null while it is not known.',
  })
  readonly leftMs!: bigint | null;
}
