import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';

@ObjectType('UnrehearsedCode', {
  simpleResolvers: true,
  description:
    'New code of a token that was not rehearsed in full before it was booked. Payments, snapshots and audits are the proof of its policy.',
})
export class UnrehearsedCodeType {
  @Field(() => AddressScalar, { description: 'The token.' })
  readonly address!: Address;

  @Field(() => SafeIntScalar, { description: 'The block that changed its code.' })
  readonly block!: number;

  @Field(() => String, { description: 'Why it was not rehearsed, or only in part.' })
  readonly reason!: string;
}
