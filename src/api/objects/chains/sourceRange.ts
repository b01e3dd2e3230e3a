import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { SourceFinder, SourceProof } from '../../../store/read/chains/sourceRanges.js';
import { SafeIntScalar } from '../../values/scalars.js';

const SourceFinderEnum = {
  PORTAL: 'portal',
  GATEWAY: 'gateway',
  RANGES: 'ranges',
  STATE: 'state',
  BLOCKS: 'blocks',
} as const satisfies Record<Uppercase<SourceFinder>, SourceFinder>;

registerEnumType(SourceFinderEnum, {
  name: 'SourceFinder',
  description: 'How blocks that concern the contracts were found.',
  valuesConfig: {
    PORTAL: { description: 'By an SQD Portal.' },
    GATEWAY: { description: 'By an SQD gateway (v2 archive).' },
    RANGES: { description: 'By eth_getLogs and trace_filter over ranges of blocks.' },
    STATE: { description: 'By eth_getLogs, and by what changed of the contracts.' },
    BLOCKS: { description: 'Each block was read.' },
  },
});

const SourceProofEnum = {
  STATE: 'state',
  BALANCE: 'balance',
  BLOCKS: 'blocks',
  AUDIT: 'audit',
} as const satisfies Record<Uppercase<SourceProof>, SourceProof>;

registerEnumType(SourceProofEnum, {
  name: 'SourceProof',
  description: 'What proves that no block is missing between those that were read.',
  valuesConfig: {
    STATE: {
      description:
        'Balance and storage of each contract are the same after each block read and before the next one.',
    },
    BALANCE: { description: 'The same for balances alone: the node does not prove accounts.' },
    BLOCKS: { description: 'Each block was read.' },
    AUDIT: { description: 'Nothing but the audit at the head: the node has no old states.' },
  },
});

@ObjectType('SourceRange', {
  simpleResolvers: true,
  description: 'How the final blocks of a range were found.',
})
export class SourceRangeType {
  @Field(() => SafeIntScalar, { description: 'First block of the range.' })
  readonly fromBlock!: number;

  @Field(() => SafeIntScalar, { description: 'Last block of the range.' })
  readonly toBlock!: number;

  @Field(() => SourceFinderEnum, { description: 'How the blocks were found.' })
  readonly finder!: SourceFinder;

  @Field(() => SourceProofEnum, { description: 'What proves that none is missing.' })
  readonly proof!: SourceProof;
}
