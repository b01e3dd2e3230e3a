import { Field, ObjectType } from 'type-graphql';
import type { Hex } from '../../../store/read/query/decode.js';
import {
  BigIntScalar,
  Bytes32Scalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { HoldType } from '../tokens/hold.js';
import { ArchiveType } from './archive.js';
import { JoiningBooksType } from './joining.js';
import { LedgerHashType } from './ledgerHash.js';
import { RefusedCreationType } from './refusedCreation.js';
import { SourceRangeType } from './sourceRange.js';
import { UnrehearsedCodeType } from './unrehearsedCode.js';

@ObjectType('IndexedBlock', { simpleResolvers: true, description: 'How far a chain is indexed.' })
export class IndexedBlockType {
  @Field(() => SafeIntScalar, { description: 'Block number.' })
  readonly block!: number;

  @Field(() => Bytes32Scalar, { description: 'Its hash.' })
  readonly hash!: Hex;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Its time, where it is known.' })
  readonly timestamp!: Date | null;
}

@ObjectType('ChainAudit', {
  simpleResolvers: true,
  description: 'How far the books were compared with the contracts while the chain was followed.',
})
export class ChainAuditType {
  @Field(() => SafeIntScalar, {
    description: 'Every token was audited at this block or a later one.',
  })
  readonly block!: number;

  @Field(() => DateTimeScalar, { description: 'When that was.' })
  readonly auditedAt!: Date;

  @Field(() => BigIntScalar, { description: 'Figures compared so far.' })
  readonly figures!: bigint;

  @Field(() => SafeIntScalar, {
    description: 'Figures that differ now; the field disagreements of a token shows them.',
  })
  readonly mismatches!: number;
}

@ObjectType('ChainStatus', {
  simpleResolvers: true,
  description: 'One chain: how far it is, and how far we are.',
})
export class ChainStatusType {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => String, { nullable: true, description: 'Name, if the server was given one.' })
  readonly name!: string | null;

  @Field(() => String, { description: "What the chain's own coin is called, as ETH or POL." })
  readonly nativeSymbol!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'URL of a block explorer, as the config has it: transactions are at /tx/HASH, accounts at /address/ADDRESS. Null: none is configured.',
  })
  readonly explorer!: string | null;

  @Field(() => IndexedBlockType, {
    nullable: true,
    description: 'Newest indexed block; null while nothing is indexed.',
  })
  readonly indexed!: IndexedBlockType | null;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Newest indexed block that no reorg can take back; null while there is none.',
  })
  readonly finalizedBlock!: number | null;

  @Field(() => LedgerHashType, {
    nullable: true,
    description:
      'Hash over everything booked up to the newest final block that is hashed; null while none is.',
  })
  readonly ledgerHash!: LedgerHashType | null;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: "The chain's newest block by its own node; null if the node does not answer.",
  })
  readonly chainHead!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why chainHead is null.',
  })
  readonly chainHeadUnavailable!: string | null;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Blocks that we are behind the chain; null if either end is unknown.',
  })
  readonly lagBlocks!: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether the node's chain has our newest final block; false: it forked below that block, and no figure here can be relied on. Null if the node does not say.",
  })
  readonly isOnChain?: boolean | null;

  @Field(() => ChainAuditType, {
    nullable: true,
    description: 'The background audit; null if nothing was audited yet.',
  })
  readonly audit!: ChainAuditType | null;

  @Field(() => [HoldType], {
    description:
      'Contracts whose books have ended, because they cannot continue without a guess. The others continue.',
  })
  readonly held!: readonly HoldType[];

  @Field(() => [ArchiveType], {
    description: 'Books that ended because the config no longer names their contract.',
  })
  readonly archived!: readonly ArchiveType[];

  @Field(() => JoiningBooksType, {
    nullable: true,
    description: 'Books that are to join those of this chain; null: there are none.',
  })
  readonly joining!: JoiningBooksType | null;

  @Field(() => [RefusedCreationType], {
    description:
      'What is left out of what factories created, the newest 20. The table factory_contract has all.',
  })
  readonly refusedCreations!: readonly RefusedCreationType[];

  @Field(() => [UnrehearsedCodeType], {
    description:
      'Tokens whose newest code was not rehearsed in full when it changed: nothing but payments, snapshots and audits shows that it follows the policy of the books.',
  })
  readonly unrehearsedCode!: readonly UnrehearsedCodeType[];

  @Field(() => SafeIntScalar, {
    description:
      'Holders that have not been examined, of those whose code is to be read: at most so many are not known to be contracts or not.',
  })
  readonly unreadHolders!: number;

  @Field(() => [SourceRangeType], {
    description:
      'How final blocks were found in the backfill, and what proves that none is missing. Blocks in none of the ranges were read one by one.',
  })
  readonly sourceRanges!: readonly SourceRangeType[];
}
