import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';

@ObjectType('RefusedCreation', {
  simpleResolvers: true,
  description: 'A contract that a factory created and that is left out. The others are indexed.',
})
export class RefusedCreationType {
  @Field(() => AddressScalar, { description: 'The contract.' })
  readonly address!: Address;

  @Field(() => AddressScalar, { description: 'The factory that named it.' })
  readonly factory!: Address;

  @Field(() => SafeIntScalar, { description: 'The block of the event.' })
  readonly block!: number;

  @Field(() => String, { description: 'Stable code of the reason.' })
  readonly code!: string;

  @Field(() => String, { description: 'Why it is left out.' })
  readonly reason!: string;
}
