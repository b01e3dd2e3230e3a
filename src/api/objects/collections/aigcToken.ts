import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { type Finality, finalityOf } from '../../../ledger/collection.js';
import { MINT_PAYMENT } from '../../../model/tables/mintPayment.js';
import type { AigcDataRecord } from '../../../store/read/collections/aigcData.js';
import type { AigcTokenRecord } from '../../../store/read/collections/aigcTokens.js';
import type { Hex } from '../../../store/read/query/decode.js';
import { field, objectType, optional, shown } from '../../lists/engine/field.js';
import { ADDRESS, AMOUNT, SELECTOR } from '../../lists/engine/fieldKinds.js';
import { PLACE_IN_TRANSACTION } from '../../lists/engine/operationFields.js';
import {
  AigcContentVerdict,
  AigcEvent,
  AigcFinality,
  AigcPromptVerdict,
} from '../../values/collectionEnums.js';
import {
  AddressScalar,
  BigIntScalar,
  Bytes32Scalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { type CollectionNode, CollectionType } from './collection.js';

@ObjectType('AigcTransfer', { simpleResolvers: true, description: 'A token changed hands.' })
export class AigcTransferType {
  @Field(() => SafeIntScalar, { description: 'Block number.' })
  readonly block!: number;

  @Field(() => DateTimeScalar, { description: 'Time of the block.' })
  readonly timestamp!: Date;

  @Field(() => Bytes32Scalar, { description: 'Transaction.' })
  readonly transactionHash!: Hex;

  @Field(() => AddressScalar, { description: 'Who gave it; the zero address: it was minted.' })
  readonly from!: Address;

  @Field(() => AddressScalar, { description: 'Who got it; the zero address: it was burned.' })
  readonly to!: Address;
}

@ObjectType('AigcData', {
  simpleResolvers: true,
  description: 'A content of a token, as it was written.',
})
export class AigcDataType {
  @Field(() => AigcEvent, { description: 'The event that said it.' })
  readonly event!: AigcEvent;

  @Field(() => SafeIntScalar, { description: 'Block number.' })
  readonly block!: number;

  @Field(() => DateTimeScalar, { description: 'Time of the block.' })
  readonly timestamp!: Date;

  @Field(() => Bytes32Scalar, { description: 'Transaction.' })
  readonly transactionHash!: Hex;

  @Field(() => AddressScalar, { description: 'Who called the collection to write it.' })
  readonly writer!: Address;

  @Field(() => AddressScalar, {
    nullable: true,
    description:
      'The contract whose request it answers; null if it answers none. Anybody can write a contract that looks like an oracle: model ids mean something with a trusted address only.',
  })
  readonly oracle!: Address | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'The AI oracle request that it answers; null if no oracle wrote it.',
  })
  readonly requestId!: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'The model that made it, by the request; null if no oracle wrote it, or requests of one id name different models.',
  })
  readonly modelId!: bigint | null;

  @Field(() => String, { nullable: true, description: 'Of the older drafts: a link to metadata.' })
  readonly uri!: string | null;

  @Field(() => AigcFinality, {
    nullable: true,
    description: 'Whether it can still change; null: the contract does not tell.',
  })
  readonly finality!: AigcFinality | null;

  @Field(() => AigcPromptVerdict, { description: 'Why its prompt belongs to the token.' })
  readonly promptVerdict!: AigcPromptVerdict;

  @Field(() => AigcContentVerdict, { description: 'How the content was confirmed.' })
  readonly contentVerdict!: AigcContentVerdict;

  @Field(() => Boolean, {
    description: 'Whether the token shows it as its own; false: it is history only.',
  })
  readonly isCurrent!: boolean;
}

/** A content with what its fields are read by. */
export interface AigcDataNode extends AigcDataType {
  readonly record: AigcDataRecord;
  /** Row id up to which contents count as seen. */
  readonly upTo: string;
}

@ObjectType('MintRevenue', {
  simpleResolvers: true,
  description: 'Money of a mint that reached a revenue token.',
})
export class MintRevenueType {
  @Field(() => AddressScalar, { description: 'The revenue token.' })
  readonly token!: Address;

  @Field(() => AddressScalar, { description: 'Who paid it: the last one on the way.' })
  readonly payer!: Address;

  @Field(() => BigIntScalar, { description: 'Wei.' })
  readonly amountWei!: bigint;

  @Field(() => Boolean, {
    description:
      'Paid inside the call that minted; otherwise outside it, by the contract that made the call.',
  })
  readonly isInside!: boolean;
}

const { columns } = MINT_PAYMENT;

/** Fields of the call that a mint and the mint of a token share. */
export const MINT_PAYMENT_FIELDS = {
  payer: field(ADDRESS, 'Who called the collection.', columns.payer),
  sender: field(ADDRESS, 'Who signed the transaction.', columns.sender),
  paidWei: field(AMOUNT, 'Value of the call, in wei, for all of its tokens.', columns.paidWei),
  mintCount: field(AMOUNT, 'Tokens that the call minted.', columns.mintCount),
  selector: optional(
    SELECTOR,
    'First four bytes of the call data; null for the creation of the contract or a plain payment.',
    columns.selector,
  ),
};

const { block, timestamp, transactionHash } = PLACE_IN_TRANSACTION;

export const MintPaymentType = objectType(
  'MintPayment',
  'A call that minted, and the money that came in with it.',
  {
    block,
    timestamp,
    transactionHash,
    ...MINT_PAYMENT_FIELDS,
    revenue: shown(
      [MintRevenueType],
      'What reached revenue tokens. What a minter paid once for several mints belongs to none of them alone and is not here, but in besideRevenueWei of the collection.',
    ),
  },
);

@ObjectType('AigcToken', { simpleResolvers: true, description: 'A token of a collection.' })
export class AigcTokenType {
  @Field(() => CollectionType, { description: 'Its collection, as of the same block.' })
  readonly collection!: CollectionType;

  @Field(() => BigIntScalar, { description: 'Its id; by ERC-7007 the keccak-256 of its prompt.' })
  readonly tokenId!: bigint;

  @Field(() => AddressScalar, { nullable: true, description: 'Its owner; null: it is burned.' })
  readonly owner!: Address | null;

  @Field(() => SafeIntScalar, { description: 'Block of its first mint.' })
  readonly firstMintedBlock!: number;

  @Field(() => DateTimeScalar, { description: 'Time of its first mint.' })
  readonly firstMintedAt!: Date;

  @Field(() => Bytes32Scalar, { description: 'Transaction of its first mint.' })
  readonly firstMintedBy!: Hex;

  @Field(() => AigcPromptVerdict, {
    nullable: true,
    description: 'Why its prompt belongs to it; null: no prompt is known to.',
  })
  readonly promptVerdict!: AigcPromptVerdict | null;

  @Field(() => AigcDataType, {
    nullable: true,
    description:
      'Its content: of what was written with its own prompt, the best confirmed and then the newest. Null: nothing was. dataHistory has everything that anybody wrote.',
  })
  readonly data!: AigcDataType | null;
}

/** A token with what its fields are read by. */
export interface AigcTokenNode extends AigcTokenType {
  readonly record: AigcTokenRecord;
  readonly upTo: string;
}

/** @param currentId row id of what the token shows as its content */
export function aigcDataNode(
  record: AigcDataRecord,
  { record: { proofType } }: CollectionNode,
  upTo: string,
  currentId: string | null,
): AigcDataNode {
  const { event, block, timestamp, transactionHash, writer, uri } = record;
  const { oracle, requestId, modelId, promptVerdict, contentVerdict } = record;
  const finality: Finality | null = finalityOf(proofType, event === 'Update', contentVerdict);
  return {
    record,
    upTo,
    event: event as AigcEvent,
    block,
    timestamp,
    transactionHash,
    writer,
    oracle,
    requestId,
    modelId,
    uri,
    finality,
    promptVerdict,
    contentVerdict,
    isCurrent: record.id === currentId,
  };
}

export function aigcTokenNode(
  record: AigcTokenRecord,
  collection: CollectionNode,
  upTo: string,
): AigcTokenNode {
  const { tokenId, owner, firstMintedBlock, firstMintedAt, firstMintedBy, data } = record;
  return {
    record,
    upTo,
    collection,
    tokenId,
    owner,
    firstMintedBlock,
    firstMintedAt,
    firstMintedBy,
    promptVerdict: record.promptVerdict,
    data: data === null ? null : aigcDataNode(data, collection, upTo, data.id),
  };
}
