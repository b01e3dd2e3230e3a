import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { SaleRecord } from '../../../store/read/sales/sales.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { AddressScalar, ASSET_TEXT, AssetScalar, BigIntScalar } from '../../values/scalars.js';
import { AsOfType } from '../chains/asOf.js';
import { CostBasisType } from '../sales/participation.js';

@ObjectType('PersonEntitlement', {
  simpleResolvers: true,
  description:
    'What the accounts of a person are owed, were paid and missed together: the sums of what the contract answers for each, which rounds each. Amounts are in units of the asset (wei for ETH).',
})
export class PersonEntitlementType {
  @Field(() => AssetScalar, { description: ASSET_TEXT })
  readonly asset!: string;

  @Field(() => BigIntScalar, {
    description: 'Earned: the shares of all snapshots so far, claimed, claimable or expired.',
  })
  readonly assignedWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Claimable of all open snapshots together.' })
  readonly totalClaimableWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Claimed so far.' })
  readonly claimedWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Paid for burned tokens so far.' })
  readonly redeemedWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'Shares of snapshots that left the claim window unclaimed.',
  })
  readonly expiredWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'What it would pay if each account burned its whole balance now, each quoted alone.',
  })
  readonly redeemableWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'Their parts of what a snapshot taken now would assign.',
  })
  readonly accruingWei!: bigint;
}

/** An entitlement of a person at a moment. */
export interface PersonEntitlementNode extends PersonEntitlementType {
  readonly asOf: AsOf;
}

@ObjectType('PersonPosition', {
  simpleResolvers: true,
  description: 'A token that an account of a person ever held.',
})
export class PersonPositionType {
  @Field(() => BigIntScalar, {
    description:
      'What all accounts hold together, in token units. Transfers between them change nothing.',
  })
  readonly balance!: bigint;

  @Field(() => AsOfType, { description: 'The block that all figures hold for.' })
  readonly asOf!: AsOf;
}

/** A position with what is behind it. */
export interface PersonPositionNode extends PersonPositionType {
  readonly tokenRecord: TokenRecord;
  /** Those that ever held the token. */
  readonly accounts: readonly Address[];
}

@ObjectType('PersonParticipation', {
  simpleResolvers: true,
  description:
    'What the accounts of a person did in a sale together: the sums of their participations, which the sale rounds one by one.',
})
export class PersonParticipationType {
  @Field(() => BigIntScalar, { description: 'Paid in by deposits and purchases, raise units.' })
  readonly deposited!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units bought or allocated, claimed or not.' })
  readonly allocated!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units paid out.' })
  readonly claimed!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units that can still be claimed.' })
  readonly claimable!: bigint;

  @Field(() => BigIntScalar, { description: 'Paid back as refunds, raise units.' })
  readonly refunded!: bigint;

  @Field(() => BigIntScalar, { description: 'What can still be taken back, raise units.' })
  readonly refundable!: bigint;

  @Field(() => BigIntScalar, { description: 'Token units sold back to the sale.' })
  readonly sold!: bigint;

  @Field(() => BigIntScalar, { description: 'What the sale paid for those, raise units.' })
  readonly proceeds!: bigint;

  @Field(() => CostBasisType, {
    description:
      'What the accounts finally paid for what they finally got. Tokens that move between them take their cost with them.',
  })
  readonly costBasis!: CostBasisType;

  @Field(() => AsOfType, { description: 'The block that these figures hold for.' })
  readonly asOf!: AsOf;
}

/** A participation with the sale behind it. */
export interface PersonParticipationNode extends PersonParticipationType {
  readonly saleRecord: SaleRecord;
}

@ObjectType('Person', {
  simpleResolvers: true,
  description: 'Several accounts as one, across all tokens.',
})
export class PersonType {
  @Field(() => [AddressScalar], { description: 'The accounts, each once.' })
  readonly holders!: readonly Address[];

  @Field(() => [PersonPositionType], {
    description: 'Every token that one of them ever held, in the order of their first indexing.',
  })
  readonly positions!: readonly PersonPositionNode[];
}

/** A person at the moments of the chains that were asked for. */
export interface PersonNode extends PersonType {
  readonly moments: ReadonlyMap<number, AsOf>;
}
