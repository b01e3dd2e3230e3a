import { Field, ID, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { momentInBooks } from '../../../books/archiveMark.js';
import { shownSymbol } from '../../../books/moneySymbols.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { CollectionRecord } from '../../../store/read/collections/collections.js';
import { AigcProofType, CollectionRecognition } from '../../values/collectionEnums.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';
import { ON_CHAIN_SYMBOL_TEXT, SYMBOL_TEXT } from '../../values/symbolTexts.js';
import { AsOfType } from '../chains/asOf.js';
import { contractId, MOMENT_ID, momentId } from '../identities.js';

@ObjectType('Collection', {
  simpleResolvers: true,
  description: 'A collection of AI-generated content (ERC-7007).',
})
export class CollectionType {
  @Field(() => ID, { description: MOMENT_ID })
  readonly id!: string;

  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'Its contract.' })
  readonly address!: Address;

  @Field(() => String, { nullable: true, description: 'Its name in the config, if it has one.' })
  readonly label!: string | null;

  @Field(() => String, { nullable: true, description: 'name(), if the contract has it.' })
  readonly name!: string | null;

  @Field(() => String, { nullable: true, description: SYMBOL_TEXT })
  readonly symbol!: string | null;

  @Field(() => String, { nullable: true, description: ON_CHAIN_SYMBOL_TEXT })
  readonly symbolOnChain!: string | null;

  @Field(() => SafeIntScalar, { description: 'First indexed block: the deployment.' })
  readonly startBlock!: number;

  @Field(() => Boolean, { description: 'Whether it says by ERC-165 that it is ERC-7007.' })
  readonly isErc7007!: boolean;

  @Field(() => Boolean, { description: "Whether it says that it has ERC-7007's enumeration." })
  readonly isEnumerable!: boolean;

  @Field(() => Boolean, { description: 'Whether it says that its content can be updated.' })
  readonly isUpdatable!: boolean;

  @Field(() => CollectionRecognition, {
    nullable: true,
    description: 'What shows that it is ERC-7007; null: nothing does.',
  })
  readonly recognisedBy!: CollectionRecognition | null;

  @Field(() => AigcProofType, {
    nullable: true,
    description: 'How its content is proved; null: the contract does not tell.',
  })
  readonly proofType!: AigcProofType | null;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'The final block at which its books end, because the config no longer names it; null: they continue. Figures of a later moment are those of this block.',
  })
  readonly archivedBlock!: number | null;

  @Field(() => AsOfType, { description: 'The block that all of its figures hold for.' })
  readonly asOf!: AsOf;
}

/** A collection at a moment. */
export interface CollectionNode extends CollectionType {
  readonly record: CollectionRecord;
}

export function collectionNode(record: CollectionRecord, asOf: AsOf): CollectionNode {
  const { chainId, address, label, name, symbol, startBlock, proofType } = record;
  const { isErc7007, isEnumerable, isUpdatable, recognisedBy } = record;
  return {
    record,
    id: momentId(contractId(record), asOf),
    asOf: momentInBooks(record, asOf),
    chainId,
    address,
    label,
    name,
    symbol: shownSymbol(record),
    symbolOnChain: symbol,
    startBlock,
    archivedBlock: record.archivedBlock,
    isErc7007,
    isEnumerable,
    isUpdatable,
    recognisedBy,
    proofType,
  };
}
