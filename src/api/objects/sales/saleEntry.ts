import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { Hex } from '../../../store/read/query/decode.js';
import type { SaleEntryRecord } from '../../../store/read/sales/saleEntries.js';
import type { SaleRecord } from '../../../store/read/sales/sales.js';
import { SaleEntryKind } from '../../values/saleEnums.js';
import {
  AddressScalar,
  BigIntScalar,
  Bytes32Scalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';

@ObjectType('SaleEntry', {
  simpleResolvers: true,
  description: 'One movement of a sale, whatever its contract calls it.',
})
export class SaleEntryType {
  @Field(() => ID, { description: 'Sorts by sale, then in the order of the chain.' })
  readonly id!: string;

  @Field(() => SafeIntScalar, { description: 'Block number.' })
  readonly block!: number;

  @Field(() => DateTimeScalar, { description: 'Time of the block.' })
  readonly timestamp!: Date;

  @Field(() => Bytes32Scalar, { description: 'Its transaction.' })
  readonly transactionHash!: Hex | null;

  @Field(() => Int, { description: 'Index of the transaction in its block.' })
  readonly transactionIndex!: number;

  @Field(() => Int, { description: "Place among the sale's entries of the block." })
  readonly position!: number;

  @Field(() => SaleEntryKind, { description: 'What it is.' })
  readonly kind!: SaleEntryKind;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Whose money or tokens it is; null for a finalisation.',
  })
  readonly participant!: Address | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Who called the sale, where that is known; may act for the participant.',
  })
  readonly caller!: Address | null;

  @Field(() => BigIntScalar, {
    description: 'Units of the raise asset that were paid in or back; 0 if none.',
  })
  readonly raiseAmount!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units; 0 if none.' })
  readonly tokenAmount!: bigint;
}

/** An entry, with its sale and the moment its list was read as of. */
export interface SaleEntryNode extends SaleEntryRecord {
  readonly saleRecord: SaleRecord;
  readonly asOf: AsOf;
}
