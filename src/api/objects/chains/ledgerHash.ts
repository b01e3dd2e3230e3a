import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Hex } from '../../../store/read/query/decode.js';
import { AddressScalar, Bytes32Scalar, SafeIntScalar } from '../../values/scalars.js';

@ObjectType('LedgerPart', {
  simpleResolvers: true,
  description: 'What one block added to one table of the books, by contract.',
})
export class LedgerPartType {
  @Field(() => String, { description: 'The table: transfer, receipt, claim, …' })
  readonly table!: string;

  @Field(() => AddressScalar, { description: 'The contract whose books it belongs to.' })
  readonly contract!: Address;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'The ERC-20 that a token shares; null for all other books.',
  })
  readonly asset!: Address | null;

  @Field(() => SafeIntScalar, { description: 'Number of rows.' })
  readonly rows!: number;

  @Field(() => Bytes32Scalar, { description: 'SHA-256 over the rows as they are now.' })
  readonly digest!: Hex;
}

@ObjectType('LedgerHash', {
  simpleResolvers: true,
  description:
    'A hash chained over all that is booked on a chain up to a block. Two deployments that index the same contracts and saw the same chain have the same one.',
})
export class LedgerHashType {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => SafeIntScalar, { description: 'The block up to which it holds.' })
  readonly block!: number;

  @Field(() => Bytes32Scalar, { description: 'SHA-256; the layout is in docs/proofs.md.' })
  readonly hash!: Hex;
}

/** A part, with the chain of its books. */
export interface LedgerPartNode extends LedgerPartType {
  readonly chainId: number;
}
