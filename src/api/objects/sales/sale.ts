import { Field, ID, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { momentInBooks } from '../../../books/archiveMark.js';
import {
  type ExactPrice,
  hasSucceeded,
  type SaleTerms,
  type SaleState as Totals,
} from '../../../ledger/sales/sale.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { SaleRecord } from '../../../store/read/sales/sales.js';
import { SaleKind, SaleState } from '../../values/saleEnums.js';
import { AddressScalar, BigIntScalar, SafeIntScalar } from '../../values/scalars.js';
import { AsOfType } from '../chains/asOf.js';
import { contractId, MOMENT_ID, momentId } from '../identities.js';
import { RAISE_TEXT, RaiseAssetType, raiseAssetOf } from './raiseAsset.js';

@ObjectType('ExactPrice', {
  simpleResolvers: true,
  description: 'A price as the two amounts that are exchanged: nothing is divided or rounded.',
})
export class ExactPriceType implements ExactPrice {
  @Field(() => BigIntScalar, { description: 'Units of the raise asset that are paid …' })
  readonly raiseAmount!: bigint;

  @Field(() => BigIntScalar, { description: '… for so many token units.' })
  readonly tokenAmount!: bigint;

  @Field(() => RaiseAssetType, { description: RAISE_TEXT })
  readonly raise!: RaiseAssetType;
}

@ObjectType('Sale', {
  simpleResolvers: true,
  description:
    'A sale of a revenue token. Amounts are the smallest units of the raise asset and of the token.',
})
export class SaleType {
  @Field(() => ID, { description: MOMENT_ID })
  readonly id!: string;

  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'Its contract.' })
  readonly address!: Address;

  @Field(() => SaleKind, { description: 'What it works like.' })
  readonly kind!: SaleKind;

  @Field(() => String, { nullable: true, description: 'Its name in imo.yaml, if it has one.' })
  readonly label!: string | null;

  @Field(() => AddressScalar, { description: 'The token sold.' })
  readonly tokenAddress!: Address;

  @Field(() => AddressScalar, {
    nullable: true,
    description: "The ERC-20 raised; null for the chain's own coin.",
  })
  readonly raiseAsset!: Address | null;

  @Field(() => RaiseAssetType, { description: RAISE_TEXT })
  readonly raise!: RaiseAssetType;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'What must be raised for a success; null where there is no such rule.',
  })
  readonly target!: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Token units that a success shares out; null where there is no such rule.',
  })
  readonly tokensForSale!: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'First second in which it takes deposits, unix time; null where not known.',
  })
  readonly startsAtSeconds!: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'First second in which it takes none any more, unix time; null where not known.',
  })
  readonly endsAtSeconds!: bigint | null;

  @Field(() => SafeIntScalar, { description: 'First indexed block.' })
  readonly startBlock!: number;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'The final block at which its books end, because the config no longer names it; null: they continue. Figures of a later moment are those of this block.',
  })
  readonly archivedBlock!: number | null;

  @Field(() => AsOfType, { description: 'The block that all figures of this sale hold for.' })
  readonly asOf!: AsOf;
}

/** A sale at a moment. The figures of the moment are read when a field asks for them. */
export interface SaleNode extends SaleType {
  readonly record: SaleRecord;
}

export function saleNode(record: SaleRecord, asOf: AsOf): SaleNode {
  return {
    record,
    id: momentId(contractId(record), asOf),
    asOf: momentInBooks(record, asOf),
    chainId: record.chainId,
    address: record.address,
    kind: saleKind(record.kind),
    label: record.label,
    tokenAddress: record.token,
    raiseAsset: record.raiseAsset,
    raise: raiseAssetOf(record),
    target: record.terms?.target ?? null,
    tokensForSale: record.terms?.tokensForSale ?? null,
    startsAtSeconds: record.startsAt,
    endsAtSeconds: record.endsAt,
    startBlock: record.startBlock,
    archivedBlock: record.archivedBlock,
  };
}

/** How far a sale is, from its terms and totals. */
export function saleState(terms: SaleTerms, totals: Totals): SaleState {
  if (totals.isFinalised) return SaleState.FINALISED;
  const succeeded = hasSucceeded(terms, totals);
  if (succeeded === null) return SaleState.OPEN;
  return succeeded ? SaleState.SUCCEEDED : SaleState.FAILED;
}

function saleKind(text: string): SaleKind {
  const kind = Object.values(SaleKind).find((known) => known === text);
  if (kind === undefined) throw new RangeError(`sale.kind "${text}" is not known`);
  return kind;
}
