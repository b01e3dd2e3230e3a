import { Field, InputType, Int } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Hex } from '../../../store/read/query/decode.js';
import { IncomeSource, JournalKind, ReceiptKind } from '../../values/enums.js';
import {
  AddressScalar,
  AssetScalar,
  BigIntScalar,
  Bytes32Scalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { BigIntRange, DateTimeRange, IntRange } from '../engine/inputs.js';

/** What every list of operations can be narrowed by. */
@InputType('OperationFilter')
class OperationFilter {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only this token; on every chain where it is indexed, unless chainId is given.',
  })
  readonly token?: Address | null;

  @Field(() => IntRange, { nullable: true, description: 'Only blocks in this range.' })
  readonly block?: IntRange | null;

  @Field(() => DateTimeRange, { nullable: true, description: 'Only times in this range.' })
  readonly timestamp?: DateTimeRange | null;

  @Field(() => Bytes32Scalar, {
    nullable: true,
    description:
      'Only this transaction. There is no index by transaction: give the token, and a block or time if you know it.',
  })
  readonly transactionHash?: Hex | null;
}

/** What a list of money can be narrowed by. */
@InputType('RevenueFilter')
class RevenueFilter extends OperationFilter {
  @Field(() => AddressScalar, {
    nullable: true,
    description:
      'Only revenue in this ERC-20, which a token shares in addition to ETH; amounts are then in its smallest unit. Default: only ETH, in wei.',
  })
  readonly asset?: Address | null;
}

@InputType('ReceiptFilter', { description: 'Which receipts; all conditions must hold.' })
export class ReceiptFilterInput extends RevenueFilter {
  @Field(() => AddressScalar, { nullable: true, description: 'Only what this account sent.' })
  readonly payer?: Address | null;

  @Field(() => ReceiptKind, { nullable: true, description: 'Only what came this way.' })
  readonly kind?: ReceiptKind | null;

  @Field(() => IncomeSource, { nullable: true, description: 'Only what came from there.' })
  readonly source?: IncomeSource | null;

  @Field(() => BigIntRange, { nullable: true, description: 'Only amounts in this range, wei.' })
  readonly amountWei?: BigIntRange | null;
}

@InputType('ClaimFilter', { description: 'Which claims; all conditions must hold.' })
export class ClaimFilterInput extends RevenueFilter {
  @Field(() => AddressScalar, { nullable: true, description: 'Only claims of this holder.' })
  readonly holder?: Address | null;

  @Field(() => Int, { nullable: true, description: 'Only claims of this snapshot.' })
  readonly snapshotId?: number | null;

  @Field(() => BigIntRange, { nullable: true, description: 'Only amounts in this range, wei.' })
  readonly amountWei?: BigIntRange | null;
}

@InputType('RedemptionFilter', { description: 'Which redemptions; all conditions must hold.' })
export class RedemptionFilterInput extends RevenueFilter {
  @Field(() => AddressScalar, { nullable: true, description: 'Only redemptions of this holder.' })
  readonly holder?: Address | null;

  @Field(() => BigIntRange, {
    nullable: true,
    description: 'Only amounts paid in this range, wei.',
  })
  readonly amountWei?: BigIntRange | null;
}

@InputType('TransferFilter', { description: 'Which transfers; all conditions must hold.' })
export class TransferFilterInput extends OperationFilter {
  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only transfers from or to this account.',
  })
  readonly account?: Address | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only transfers from this account; the zero address: mints.',
  })
  readonly from?: Address | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only transfers to this account; the zero address: burns.',
  })
  readonly to?: Address | null;

  @Field(() => BigIntRange, {
    nullable: true,
    description: 'Only amounts in this range, token units.',
  })
  readonly amount?: BigIntRange | null;
}

@InputType('HolderFilter', { description: 'Which holders; all conditions must hold.' })
export class HolderFilterInput {
  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Balance not less than this, token units; "1" leaves out former holders.',
  })
  readonly minBalance?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Balance not more than this, token units.',
  })
  readonly maxBalance?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Claimable in all open snapshots together not less than this, wei.',
  })
  readonly minClaimableWei?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Claimed so far not less than this, wei.',
  })
  readonly minClaimedWei?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Paid for burned tokens so far not less than this, wei.',
  })
  readonly minRedeemedWei?: bigint | null;
}

@InputType('TokenFilter', { description: 'Which tokens; all conditions must hold.' })
export class TokenFilterInput {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;

  @Field(() => String, { nullable: true, description: 'Only this revenue policy, by its name.' })
  readonly policy?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only this symbol, exactly, as the field `symbol` shows it.',
  })
  readonly symbol?: string | null;
}

@InputType('JournalFilter', { description: 'Which entries; all conditions must hold.' })
export class JournalFilterInput extends OperationFilter {
  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only the journal of this token, AI oracle or sale.',
  })
  readonly contract?: Address | null;

  @Field(() => AssetScalar, { nullable: true, description: 'Only entries in this asset.' })
  readonly asset?: string | null;

  @Field(() => JournalKind, { nullable: true, description: 'Only this kind.' })
  readonly kind?: JournalKind | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only entries with a posting to this account, e.g. "redeemable".',
  })
  readonly account?: string | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Only entries of this holder: payments to it, and what it paid into a sale.',
  })
  readonly holder?: Address | null;

  @Field(() => BigIntRange, { nullable: true, description: 'Only amounts in this range, wei.' })
  readonly amountWei?: BigIntRange | null;
}
