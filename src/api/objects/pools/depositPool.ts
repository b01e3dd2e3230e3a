import { Field, ID, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { momentInBooks } from '../../../books/archiveMark.js';
import type { PoolKind as LedgerPoolKind } from '../../../ledger/pools/poolKinds.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { DepositPoolRecord } from '../../../store/read/pools/depositPools.js';
import { PoolKind } from '../../values/poolEnums.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';
import { AsOfType } from '../chains/asOf.js';
import { MOMENT_ID, momentId, poolId } from '../identities.js';

@ObjectType('DepositPool', {
  simpleResolvers: true,
  description: 'A pool that holds a revenue token for its depositors.',
})
export class DepositPoolType {
  @Field(() => ID, { description: MOMENT_ID })
  readonly id!: string;

  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'Its contract.' })
  readonly address!: Address;

  @Field(() => PoolKind, { description: 'What it works like.' })
  readonly kind!: LedgerPoolKind;

  @Field(() => String, { nullable: true, description: 'Its name in imo.yaml, if it has one.' })
  readonly label!: string | null;

  @Field(() => AddressScalar, {
    description: 'The revenue token that its depositors own in the end.',
  })
  readonly tokenAddress!: Address;

  @Field(() => AddressScalar, {
    description: 'What it holds: the token, or another pool of which it has shares.',
  })
  readonly holds!: Address;

  @Field(() => SafeIntScalar, { description: 'First indexed block.' })
  readonly startBlock!: number;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'The final block at which its books end, because the config no longer names it; null: they continue. Figures of a later moment are those of this block.',
  })
  readonly archivedBlock!: number | null;

  @Field(() => AsOfType, { description: 'The block that its figures hold for.' })
  readonly asOf!: AsOf;
}

/** A pool at a moment. Its figures are read when a field asks for them. */
export interface DepositPoolNode extends DepositPoolType {
  readonly record: DepositPoolRecord;
}

export function depositPoolNode(record: DepositPoolRecord, at: AsOf): DepositPoolNode {
  const asOf = momentInBooks(record, at);
  const { chainId, address, kind, label, token, holds, startBlock, archivedBlock } = record;
  return {
    record,
    id: momentId(poolId(record), asOf),
    chainId,
    address,
    // The indexer writes no other kinds.
    kind: kind as LedgerPoolKind,
    label,
    tokenAddress: token,
    holds,
    startBlock,
    archivedBlock,
    asOf,
  };
}
