import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { ContractKind } from '../../../store/read/tokens/holds.js';
import { AddressScalar, DateTimeScalar, SafeIntScalar } from '../../values/scalars.js';

const HeldKind = {
  TOKEN: 'token',
  ORACLE: 'oracle',
  COLLECTION: 'collection',
  SALE: 'sale',
  POOL: 'pool',
  FEED: 'feed',
} as const satisfies Record<Uppercase<ContractKind>, ContractKind>;

registerEnumType(HeldKind, {
  name: 'HeldKind',
  description: 'What a held contract is.',
  valuesConfig: {
    TOKEN: { description: 'A revenue token.' },
    ORACLE: { description: 'An AI oracle.' },
    COLLECTION: { description: 'A collection of AI-generated content.' },
    SALE: { description: 'A sale of a token.' },
    POOL: { description: 'A pool that holds a token for depositors.' },
    FEED: { description: 'An aggregator of prices: there are no values after `lastBlock`.' },
  },
});

@ObjectType('Hold', {
  simpleResolvers: true,
  description:
    'A contract whose books have ended, because they cannot continue without a guess. Its figures stay those of `lastBlock`.',
})
export class HoldType {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'The contract.' })
  readonly address!: Address;

  @Field(() => HeldKind, { description: 'What it is.' })
  readonly kind!: ContractKind;

  @Field(() => SafeIntScalar, { description: 'The newest block at whose end its books are right.' })
  readonly lastBlock!: number;

  @Field(() => SafeIntScalar, { description: 'The block that could not be booked.' })
  readonly block!: number;

  @Field(() => Boolean, {
    description:
      'The block was read again when it was final. Until then the books may continue by themselves.',
  })
  readonly isConfirmed!: boolean;

  @Field(() => String, { description: 'Stable code of the error.' })
  readonly code!: string;

  @Field(() => String, { description: 'What did not add up.' })
  readonly reason!: string;

  @Field(() => String, { description: 'What would help.' })
  readonly hint!: string;

  @Field(() => DateTimeScalar, { description: 'When the books ended.' })
  readonly heldAt!: Date;
}
