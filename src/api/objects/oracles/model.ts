import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { momentInBooks } from '../../../books/archiveMark.js';
import { type Asset, type AssetTotals, NATIVE } from '../../../ledger/oracles/oracle.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { ModelRecord } from '../../../store/read/oracles/modelStates.js';
import type { OracleRecord } from '../../../store/read/oracles/oracles.js';
import { AddressScalar, BigIntScalar, SafeIntScalar } from '../../values/scalars.js';
import { AsOfType } from '../chains/asOf.js';
import { contractId, MOMENT_ID, momentId } from '../identities.js';

export const ASSET_DESCRIPTION = "The ERC-20 it is paid in; null for the chain's own coin.";

@ObjectType('Oracle', { simpleResolvers: true, description: 'An AI oracle.' })
export class OracleType {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'Its contract: the proxy, if there is one.' })
  readonly address!: Address;

  @Field(() => String, { nullable: true, description: 'Its name in imo.yaml, if it has one.' })
  readonly label!: string | null;

  @Field(() => SafeIntScalar, { description: 'First indexed block.' })
  readonly startBlock!: number;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'The final block at which its books end, because the config no longer names it; null: they continue. Figures of a later moment are those of this block.',
  })
  readonly archivedBlock!: number | null;
}

@ObjectType('ModelTerms', {
  simpleResolvers: true,
  description: 'What a model costs, and whom it pays.',
})
export class ModelTermsType {
  @Field(() => Boolean, { description: 'Whether the oracle serves it.' })
  readonly exists!: boolean;

  @Field(() => BigIntScalar, {
    description: 'Fee for one inference, in the smallest unit of the asset.',
  })
  readonly fee!: bigint;

  @Field(() => AddressScalar, { nullable: true, description: ASSET_DESCRIPTION })
  readonly paymentToken!: Address | null;

  @Field(() => AddressScalar, {
    description:
      "Who is paid the model's part of the fees; the zero address where the oracle has one flat fee and pays nobody.",
  })
  readonly receiver!: Address;

  @Field(() => Int, { description: "The receiver's part of the fees in percent, 0 to 100." })
  readonly receiverPercentage!: number;
}

@ObjectType('ModelOpening', {
  simpleResolvers: true,
  description: 'A model as it was found when indexing began in its mid-life.',
})
export class ModelOpeningType extends ModelTermsType {
  @Field(() => BigIntScalar, { description: 'Owed to the receiver then.' })
  readonly accrued!: bigint;
}

@ObjectType('ModelTotals', {
  simpleResolvers: true,
  description: 'What a model brought in one asset since indexing began, in its smallest unit.',
})
export class ModelTotalsType implements AssetTotals {
  @Field(() => AddressScalar, { nullable: true, description: ASSET_DESCRIPTION })
  readonly paymentToken!: Address | null;

  @Field(() => BigIntScalar, { description: 'Number of requests.' })
  readonly requests!: bigint;

  @Field(() => BigIntScalar, { description: 'Fees charged, both parts together.' })
  readonly fees!: bigint;

  @Field(() => BigIntScalar, { description: "The receiver's part of them." })
  readonly receiverPart!: bigint;

  @Field(() => BigIntScalar, { description: "The protocol's part of them." })
  readonly protocolPart!: bigint;

  @Field(() => BigIntScalar, { description: 'Paid to receivers.' })
  readonly paidOut!: bigint;
}

@ObjectType('Model', { simpleResolvers: true, description: 'A model of an AI oracle.' })
export class ModelType extends ModelTermsType {
  @Field(() => ID, { description: MOMENT_ID })
  readonly id!: string;

  @Field(() => OracleType, { description: 'The oracle that serves it.' })
  readonly oracle!: OracleType;

  @Field(() => BigIntScalar, { description: 'Its id at the oracle.' })
  readonly modelId!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'Owed to the receiver and not paid out, in the smallest unit of the asset of the moment. The number stays when asset or receiver are changed, and over a removal that pays nothing.',
  })
  readonly accrued!: bigint;

  @Field(() => [ModelTotalsType], { description: 'What it brought, by asset.' })
  readonly totals!: readonly ModelTotalsType[];

  @Field(() => AsOfType, { description: 'The block that all figures of this model hold for.' })
  readonly asOf!: AsOf;
}

/** Totals of a model at a moment. */
export interface ModelTotalsNode extends ModelTotalsType {
  readonly asOf: AsOf;
}

/** A model at a moment. */
export interface ModelNode extends ModelType, ModelTermsNode {
  readonly record: ModelRecord;
}

/** Terms of a model, with the chain of its oracle. */
export interface ModelTermsNode extends ModelTermsType {
  readonly chainId: number;
}

export function modelNode(oracle: OracleRecord, record: ModelRecord, at: AsOf): ModelNode {
  const asOf = momentInBooks(oracle, at);
  const { modelId, state } = record;
  return {
    ...termsNode(state.terms, oracle.chainId),
    id: momentId(`${contractId(oracle)}:${modelId}`, asOf),
    record,
    asOf,
    oracle,
    modelId,
    accrued: state.accrued,
    totals: [...state.totals].map(
      ([asset, totals]): ModelTotalsNode => ({
        ...totals,
        asOf,
        paymentToken: paymentTokenOf(asset),
      }),
    ),
  };
}

/** Terms as the ledger or a row has them. */
interface Terms {
  readonly exists: boolean;
  readonly fee: bigint;
  readonly receiver: string;
  readonly receiverPercentage: bigint | number;
  readonly asset: Asset;
}

export function termsNode(
  { exists, fee, receiver, receiverPercentage, asset }: Terms,
  chainId: number,
): ModelTermsNode {
  return {
    chainId,
    exists,
    fee,
    receiver: receiver as Address,
    receiverPercentage: Number(receiverPercentage),
    paymentToken: paymentTokenOf(asset),
  };
}

/** The ERC-20 of an asset; `null` for the chain's own coin. */
export function paymentTokenOf(asset: Asset): Address | null {
  return asset === NATIVE ? null : (asset as Address);
}
