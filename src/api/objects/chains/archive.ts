import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { ArchiveRecord } from '../../../store/read/chains/archives.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';

const ArchivedKind = {
  TOKEN: 'token',
  ORACLE: 'oracle',
  COLLECTION: 'collection',
  SALE: 'sale',
  POOL: 'pool',
} as const satisfies Record<Uppercase<ArchiveRecord['kind']>, ArchiveRecord['kind']>;

registerEnumType(ArchivedKind, {
  name: 'ArchivedKind',
  description: 'What a contract is that the config no longer names.',
  valuesConfig: {
    TOKEN: { description: 'A revenue token.' },
    ORACLE: { description: 'An AI oracle.' },
    COLLECTION: { description: 'A collection of AI-generated content.' },
    SALE: { description: 'A sale of a token.' },
    POOL: { description: 'A pool that holds a token for depositors.' },
  },
});

@ObjectType('Archive', {
  simpleResolvers: true,
  description:
    'Books that ended because the config no longer names their contract. They stay readable until they are forgotten.',
})
export class ArchiveType {
  @Field(() => AddressScalar, { description: 'The contract.' })
  readonly address!: Address;

  @Field(() => ArchivedKind, { description: 'What it is.' })
  readonly kind!: ArchiveRecord['kind'];

  @Field(() => SafeIntScalar, { description: 'First indexed block.' })
  readonly startBlock!: number;

  @Field(() => SafeIntScalar, { description: 'The final block at whose end the books end.' })
  readonly archivedBlock!: number;
}
