import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { Hex } from '../../store/read/query/decode.js';
import { AsOfType } from '../objects/chains/asOf.js';
import { DepositPoolIdentityType } from '../objects/identities.js';
import { EarliestSnapshotType } from '../objects/tokens/token.js';
import { AddressScalar, BigIntScalar, BytesScalar, SafeIntScalar } from '../values/scalars.js';
import { SYMBOL_TEXT } from '../values/symbolTexts.js';
import type { GasLoader, PlannedTransaction } from './gas.js';
import type { ClaimPlan, ClaimRemainder, ClaimStep } from './plan.js';
import type { ClaimThrough } from './planThrough.js';
import type { ClaimWarning } from './warnings.js';

export const ClaimMethod = {
  CLAIM: 'CLAIM',
  CLAIM_BATCH: 'CLAIM_BATCH',
  BURN: 'BURN',
  SNAPSHOT: 'SNAPSHOT',
} as const;
registerEnumType(ClaimMethod, {
  name: 'ClaimMethod',
  description: 'The function of the token that a transaction calls.',
  valuesConfig: {
    CLAIM: { description: 'claim(uint256): one snapshot.' },
    CLAIM_BATCH: { description: 'claimBatch(uint256[]): several snapshots, all or none.' },
    BURN: { description: 'burn(uint256): tokens for their part of the revenue.' },
    SNAPSHOT: { description: 'snapshot(): assigns new revenue to the holders.' },
  },
});

export const ClaimWarningCode = {
  EXPIRES_WITH_NEXT_SNAPSHOT: 'EXPIRES_WITH_NEXT_SNAPSHOT',
  CLAIMS_PAUSED: 'CLAIMS_PAUSED',
  BOOKS_ARCHIVED: 'BOOKS_ARCHIVED',
} as const;
registerEnumType(ClaimWarningCode, {
  name: 'ClaimWarningCode',
  description: 'What a holder is warned of.',
  valuesConfig: {
    EXPIRES_WITH_NEXT_SNAPSHOT: {
      description: 'A snapshot that is due would make a claim expire.',
    },
    CLAIMS_PAUSED: { description: 'The contract says that claims are paused: it may revert.' },
    BOOKS_ARCHIVED: {
      description:
        'The token is no longer indexed: what is claimable is that of the block at which its books end.',
    },
  },
});

@ObjectType('ClaimAsset', {
  simpleResolvers: true,
  description: "What a claim pays in: the chain's own coin, or an ERC-20 that the token shares.",
})
export class ClaimAssetType {
  @Field(() => AddressScalar, {
    nullable: true,
    description: "Its contract; null for the chain's own coin.",
  })
  readonly address!: Address | null;

  @Field(() => String, {
    nullable: true,
    description: `${SYMBOL_TEXT} Null for the chain's own coin too.`,
  })
  readonly symbol!: string | null;

  @Field(() => Int, { nullable: true, description: 'How many decimals amounts are shown with.' })
  readonly decimals!: number | null;
}

@ObjectType('ClaimPayment', {
  simpleResolvers: true,
  description: 'What claims pay in one asset.',
})
export class ClaimPaymentType {
  @Field(() => ClaimAssetType, { description: 'The asset.' })
  readonly asset!: ClaimAssetType;

  @Field(() => BigIntScalar, { description: 'In wei, or the smallest unit of the ERC-20.' })
  readonly amount!: bigint;
}

@ObjectType('ClaimExpiry', {
  simpleResolvers: true,
  description: 'Until when something can be claimed.',
})
export class ClaimExpiryType {
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'It expires with this snapshot from now, 1: the next one; null: never.',
  })
  readonly snapshotsLeft!: number | null;

  @Field(() => EarliestSnapshotType, {
    nullable: true,
    description:
      'When that snapshot can be taken at the earliest; null where it never expires or that cannot be known.',
  })
  readonly earliest!: EarliestSnapshotType | null;

  @Field(() => Boolean, { description: 'Whether the next block can have that snapshot.' })
  readonly isDue!: boolean;
}

@ObjectType('PlannedClaim', { simpleResolvers: true, description: 'A claim of one snapshot.' })
export class PlannedClaimType {
  @Field(() => Int, { description: 'The snapshot.' })
  readonly snapshotId!: number;

  @Field(() => [ClaimPaymentType], {
    description: 'What it pays; assets in which that is nothing are left out.',
  })
  readonly pays!: readonly ClaimPaymentType[];

  @Field(() => ClaimExpiryType, { description: 'Until when.' })
  readonly expiry!: ClaimExpiryType;

  @Field(() => String, {
    description: 'An EIP-681 link that opens a wallet with this claim alone.',
  })
  readonly link!: string;
}

@ObjectType('ClaimTransaction', {
  simpleResolvers: true,
  description: 'A transaction ready to be signed.',
})
export class ClaimTransactionType {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'Who has to send it.' })
  readonly from!: Address;

  @Field(() => AddressScalar, { description: 'The contract that it calls: the token.' })
  readonly to!: Address;

  @Field(() => ClaimMethod, { description: 'The function that it calls.' })
  readonly method!: keyof typeof ClaimMethod;

  @Field(() => BytesScalar, { description: 'Its call data.' })
  readonly data!: Hex;

  @Field(() => BigIntScalar, { description: 'What it sends along, in wei: nothing.' })
  readonly valueWei!: bigint;
}

@ObjectType('ClaimStep', {
  simpleResolvers: true,
  description: 'One transaction of a plan, and what it pays.',
})
export class ClaimStepType {
  @Field(() => [PlannedClaimType], { description: 'What it claims, oldest snapshot first.' })
  readonly claims!: readonly PlannedClaimType[];

  @Field(() => [ClaimPaymentType], { description: 'What it pays in all.' })
  readonly pays!: readonly ClaimPaymentType[];

  @Field(() => ClaimExpiryType, { description: 'Of the claim that expires first.' })
  readonly expiry!: ClaimExpiryType;
}

@ObjectType('ThroughClaim', {
  simpleResolvers: true,
  description: "What a pool can claim of one snapshot: the account's part of it.",
})
export class ThroughClaimType {
  @Field(() => Int, { description: 'The snapshot.' })
  readonly snapshotId!: number;

  @Field(() => [ClaimPaymentType], { description: "The account's part of what the claim pays." })
  readonly pays!: readonly ClaimPaymentType[];

  @Field(() => ClaimExpiryType, { description: 'Until when the pool can claim it.' })
  readonly expiry!: ClaimExpiryType;
}

@ObjectType('ClaimThrough', {
  simpleResolvers: true,
  description: 'What a pool has to claim before its depositor can have its part.',
})
export class ClaimThroughType {
  @Field(() => [DepositPoolIdentityType], {
    description: 'The pool that has to claim first. The account is a depositor of the last one.',
  })
  readonly path!: readonly object[];

  @Field(() => [ThroughClaimType], { description: 'Oldest snapshot first.' })
  readonly claims!: readonly ThroughClaimType[];

  @Field(() => String, { description: 'Who has to claim, as a sentence.' })
  readonly message!: string;
}

/** A step, and where its gas comes from. */
export type ClaimStepNode = ClaimStep & { readonly gasLoader: GasLoader };

/** A transaction with what its gas is estimated from. */
export interface TransactionNode {
  readonly step: PlannedTransaction & { readonly gasLoader: GasLoader };
}

@ObjectType('RemainingClaim', {
  simpleResolvers: true,
  description: 'What a holder is owed in one asset of a token once the plan is done.',
})
export class RemainingClaimType {
  @Field(() => ClaimAssetType, { description: 'The asset.' })
  readonly asset!: ClaimAssetType;
}

@ObjectType('ClaimRemainder', {
  simpleResolvers: true,
  description: 'What a plan leaves of one token.',
})
export class ClaimRemainderType {
  @Field(() => [RemainingClaimType], { description: "The chain's own coin first." })
  readonly assets!: readonly RemainingClaimType[];

  @Field(() => [SafeIntScalar], {
    description:
      'Open snapshots whose share rounds down to nothing: dust that nobody can claim, the contract refuses it.',
  })
  readonly roundedToNothing!: readonly number[];

  @Field(() => EarliestSnapshotType, {
    nullable: true,
    description: 'When there can be more to claim at the earliest; null where that is not known.',
  })
  readonly nextSnapshot!: EarliestSnapshotType | null;
}

/** What the plan leaves, with the token behind it. */
export type ClaimRemainderNode = ClaimRemainder;

@ObjectType('ClaimWarning', {
  simpleResolvers: true,
  description: 'Something that the holder may lose soon.',
})
export class ClaimWarningType {
  @Field(() => ClaimWarningCode, { description: 'What about.' })
  readonly code!: keyof typeof ClaimWarningCode;

  @Field(() => Int, { description: 'The snapshot that would expire.' })
  readonly snapshotId!: number;

  @Field(() => [ClaimPaymentType], { description: 'What the holder would lose.' })
  readonly loses!: readonly ClaimPaymentType[];

  @Field(() => String, { description: 'The same as a sentence.' })
  readonly message!: string;
}

@ObjectType('ClaimPlan', {
  simpleResolvers: true,
  description: 'What a holder should claim now, over all tokens and chains.',
})
export class ClaimPlanType {
  @Field(() => AddressScalar, { description: 'The holder.' })
  readonly address!: Address;

  @Field(() => [AsOfType], { description: 'The block of each chain that the plan holds for.' })
  readonly asOf!: readonly AsOf[];
}

/** A plan, and where the gas of its steps comes from. */
export type ClaimPlanNode = ClaimPlan & {
  readonly through: readonly ClaimThrough[];
  readonly gasLoader: GasLoader;
  readonly warnings: readonly ClaimWarning[];
};
