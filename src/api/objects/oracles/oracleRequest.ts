import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { OracleRequest } from '../../../store/read/oracles/oracleRequests.js';
import { OUTPUT_BYTES_AT_MOST } from '../../../store/read/oracles/oracleResults.js';
import type { OracleRecord } from '../../../store/read/oracles/oracles.js';
import type { Hex } from '../../../store/read/query/decode.js';
import {
  AddressScalar,
  BigIntScalar,
  Bytes32Scalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { OracleType, paymentTokenOf } from './model.js';

@ObjectType('OracleResult', {
  simpleResolvers: true,
  description: 'An answer of the oracle; one that was challenged is delivered again.',
})
export class OracleResultType {
  @Field(() => ID, { description: 'Unique; sorts in the order of the chain.' })
  readonly id!: string;

  @Field(() => SafeIntScalar, { description: 'Block number.' })
  readonly block!: number;

  @Field(() => DateTimeScalar, { description: 'Time of the block.' })
  readonly timestamp!: Date;

  @Field(() => Bytes32Scalar, { description: 'Its transaction.' })
  readonly transactionHash!: Hex;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is an update after a challenge; null if that cannot be seen.',
  })
  readonly isUpdate!: boolean | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Who delivered it; null if that cannot be seen.',
  })
  readonly invoker!: Address | null;

  @Field(() => String, {
    description: `The answer itself: 0x and two hex digits a byte, of its first ${OUTPUT_BYTES_AT_MOST} bytes. outputLength says how many there are.`,
  })
  readonly output!: Hex;

  @Field(() => SafeIntScalar, { description: 'Bytes of the whole answer.' })
  readonly outputLength!: number;
}

@ObjectType('Result', {
  simpleResolvers: true,
  description: 'An answer of an oracle, with what it answers.',
})
export class ResultType extends OracleResultType {
  @Field(() => OracleType, { description: 'The oracle that answered.' })
  readonly oracle!: OracleType;

  @Field(() => BigIntScalar, { description: "The oracle's own id of the request." })
  readonly requestId!: bigint;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Who had asked; null where the event does not say.',
  })
  readonly account!: Address | null;
}

@ObjectType('Request', {
  simpleResolvers: true,
  description: 'A request to a model of an AI oracle, and what it cost.',
})
export class RequestType {
  @Field(() => ID, { description: 'Unique; sorts in the order of the chain.' })
  readonly id!: string;

  @Field(() => OracleType, { description: 'The oracle that was asked.' })
  readonly oracle!: OracleType;

  @Field(() => SafeIntScalar, { description: 'Block number.' })
  readonly block!: number;

  @Field(() => DateTimeScalar, { description: 'Time of the block.' })
  readonly timestamp!: Date;

  @Field(() => Bytes32Scalar, { description: 'Its transaction.' })
  readonly transactionHash!: Hex | null;

  @Field(() => Int, { description: 'Index of the transaction in its block.' })
  readonly transactionIndex!: number | null;

  @Field(() => Int, {
    description: "Place among the oracle's operations of the block, in the order of effect.",
  })
  readonly position!: number;

  @Field(() => BigIntScalar, {
    description: "The oracle's own id; equal requests of one block can share it.",
  })
  readonly requestId!: bigint;

  @Field(() => BigIntScalar, { description: 'The model that was asked.' })
  readonly modelId!: bigint;

  @Field(() => AddressScalar, { description: 'Who asked: the caller of the oracle.' })
  readonly account!: Address;

  @Field(() => AddressScalar, { description: 'Who signed the transaction.' })
  readonly payer!: Address;

  @Field(() => BigIntScalar, { description: 'Number of inferences.' })
  readonly batchSize!: bigint;

  @Field(() => AddressScalar, {
    nullable: true,
    description: "The ERC-20 that the fee was paid in; null for the chain's own coin.",
  })
  readonly paymentToken!: Address | null;

  @Field(() => BigIntScalar, {
    description: 'Fee charged, in the smallest unit of the asset: receiver and protocol together.',
  })
  readonly fee!: bigint;

  @Field(() => BigIntScalar, { description: "The receiver's part of the fee." })
  readonly receiverPart!: bigint;

  @Field(() => BigIntScalar, { description: "The protocol's part of the fee." })
  readonly protocolPart!: bigint;

  @Field(() => BigIntScalar, { description: 'Wei sent with the request.' })
  readonly valueWei!: bigint;

  @Field(() => BigIntScalar, { description: "Gas that the result's callback may use." })
  readonly gasLimit!: bigint;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      "The oracle's gas price times gasLimit, in wei. Null where the price is not known: between two results of one block, or inside one, no view shows it.",
  })
  readonly gasPartWei!: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Wei sent beyond fee and gas, which the oracle keeps; null where gasPartWei is.',
  })
  readonly overpaymentWei!: bigint | null;

  @Field(() => AddressScalar, { description: 'Who is called with the result; zero: nobody.' })
  readonly callbackContract!: Address;
}

/** A request as read, with its oracle and the moment its list was read as of. */
export interface RequestNode extends RequestType {
  readonly oracleRecord: OracleRecord;
  readonly asOf: AsOf;
}

export function requestNode(oracle: OracleRecord, row: OracleRequest, asOf: AsOf): RequestNode {
  return { ...row, oracle, oracleRecord: oracle, asOf, paymentToken: paymentTokenOf(row.asset) };
}
