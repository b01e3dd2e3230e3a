import { Field, Int, ObjectType } from 'type-graphql';
import { SafeIntScalar } from '../../values/scalars.js';

@ObjectType('ChainEndpoint', {
  simpleResolvers: true,
  description:
    'How an endpoint of a chain answers this server now, asked at most once in 15 seconds. Its address is not shown: it may be secret.',
})
export class ChainEndpointType {
  @Field(() => Int, { description: 'In the order in which endpoints are asked, from 1.' })
  readonly position!: number;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Its newest block; null if it does not answer.',
  })
  readonly block!: number | null;

  @Field(() => String, { nullable: true, description: 'Why block is null.' })
  readonly unavailable!: string | null;

  @Field(() => Int, { description: 'Milliseconds that it took to answer, or to fail.' })
  readonly milliseconds!: number;
}
