import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Entitlement } from '../../../ledger/entitlement.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { EntitlementKey } from '../../../store/read/entitlements/entitlements.js';
import { HOLDER_LIST, type HolderPositionNode } from '../../lists/holders.js';
import { AddressScalar, BigIntScalar } from '../../values/scalars.js';

@ObjectType('Entitlement', {
  simpleResolvers: true,
  description:
    "What a holder is owed, was paid and missed: to the wei what the contract's own functions answer.",
})
export class EntitlementType {
  @Field(() => BigIntScalar, {
    description: 'Claimable of all open snapshots together, in units of the asset (wei for ETH).',
  })
  readonly totalClaimableWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'Claimed so far, in units of the asset (wei for ETH).',
  })
  readonly claimedWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'Paid for burned tokens so far, in units of the asset (wei for ETH).',
  })
  readonly redeemedWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'Shares of snapshots that left the claim window unclaimed, in units of the asset (wei for ETH).',
  })
  readonly expiredWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'What burning the whole balance would pay: redeemableOnBurn(balance), in units of the asset (wei for ETH).',
  })
  readonly redeemableWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      "The holder's part of what a snapshot taken now would assign, in units of the asset (wei for ETH).",
  })
  readonly accruingWei!: bigint;
}

/** An entitlement at a moment. */
export interface EntitlementNode extends Entitlement {
  readonly asOf: AsOf;
  /** Whose it is, and in which books. */
  readonly of: EntitlementKey;
}

@ObjectType('Holder', { simpleResolvers: true, description: 'An account, across all tokens.' })
export class HolderType {
  @Field(() => AddressScalar, { description: 'The account.' })
  readonly address!: Address;

  @Field(() => [HOLDER_LIST.Row], {
    description: 'Every token that it ever held, in the order of their first indexing.',
  })
  readonly positions!: readonly HolderPositionNode[];
}

/** An account at the moments of the chains that were asked for. */
export interface HolderNode extends HolderType {
  readonly moments: ReadonlyMap<number, AsOf>;
}
