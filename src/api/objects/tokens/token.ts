import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import { momentInBooks } from '../../../books/archiveMark.js';
import { shownSymbol } from '../../../books/moneySymbols.js';
import { POLICY_RULES } from '../../../ledger/policies/known/list.js';
import type { PolicyParts } from '../../../ledger/policies/parts.js';
import { rulesAt } from '../../../ledger/terms.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { IntervalUnit } from '../../values/enums.js';
import {
  AddressScalar,
  ASSET_TEXT,
  AssetScalar,
  BigIntScalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { ON_CHAIN_SYMBOL_TEXT, SYMBOL_TEXT } from '../../values/symbolTexts.js';
import { AsOfType } from '../chains/asOf.js';
import { contractId, MOMENT_ID, momentId } from '../identities.js';
import { termsFields } from './tokenTerms.js';
import { wordTexts } from './wordTexts.js';

/** Every known policy, with what it is. */
const POLICY_TEXTS = POLICY_RULES.map(({ name, text }) => `"${name}": ${text}`).join('; ');

@ObjectType('PolicyParts', {
  simpleResolvers: true,
  description: 'What a policy is composed of. Two tokens with the same parts share alike.',
})
export class PolicyPartsType {
  @Field(() => String, {
    description: `What it shares. ${wordTexts<'revenue'>({
      eth: 'ETH',
      'eth-and-assets': 'ETH and accepted ERC-20s',
      'one-asset': 'one ERC-20 and no ETH',
    })}.`,
  })
  readonly revenue!: string;

  @Field(() => String, {
    description: '"getter": percentClaimable() says the percentage; else the fixed percentage.',
  })
  readonly percent!: string;

  @Field(() => String, {
    description:
      '"getter": SNAPSHOT_CLAIMABLE_NUMBER() says the window; "none": snapshots stay open; else the number of open snapshots.',
  })
  readonly window!: string;

  @Field(() => String, {
    description: `How the part of new revenue that a burn pays is rounded. ${wordTexts<'rounding'>({
      reference: 'divided by 100 last',
      windowed: 'divided by 100 first',
    })}.`,
  })
  readonly rounding!: string;

  @Field(() => String, {
    description: `Where the rest of a snapshot goes that leaves the window. ${wordTexts<'rollOver'>(
      {
        holders: 'to all of them, with the next snapshot',
        none: 'nowhere',
      },
    )}.`,
  })
  readonly rollOver!: string;

  @Field(() => String, {
    description: `How the interval is known. ${wordTexts<'interval'>({
      getter: 'by getters',
      optional: 'by getters if there are any',
      none: 'there are no getters',
    })}; "stated": by the config.`,
  })
  readonly interval!: string;

  @Field(() => String, {
    description: `Who may take a snapshot. ${wordTexts<'snapshots'>({
      anyone: 'anyone',
      some: 'only some accounts',
    })}.`,
  })
  readonly snapshots!: string;
}

@ObjectType('Policy', {
  simpleResolvers: true,
  description:
    'How a token shares its revenue, by the terms of its contract at this moment. See termsHistory of the token.',
})
export class PolicyType {
  @Field(() => String, {
    description: `${POLICY_TEXTS}. "<name>-like": stated in the config, see parts.`,
  })
  readonly name!: string;

  @Field(() => Int, {
    description: 'Percentage of new revenue that a snapshot assigns to holders, 0 to 100.',
  })
  readonly percentClaimable!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many of the newest snapshots can be claimed; null: all, for ever.',
  })
  readonly window!: number | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description:
      'A snapshot needs strictly more than this since the one before, in intervalUnit; null: the contract does not say it, see shortestSnapshotGap of the token.',
  })
  readonly interval!: bigint | null;

  @Field(() => IntervalUnit, {
    nullable: true,
    description: 'What the interval is counted in; null where it is not known.',
  })
  readonly intervalUnit!: IntervalUnit | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'The contract says that claims are paused: what is claimable can be claimed when the pause ends. Null: the contract has no getter that says it. Answers that depend on such a token carry it in extensions.paused too.',
  })
  readonly isPaused!: boolean | null;

  @Field(() => PolicyPartsType, { description: 'What the policy is composed of.' })
  readonly parts!: PolicyPartsType;
}

@ObjectType('SnapshotGap', {
  simpleResolvers: true,
  description: 'The shortest gap between two snapshots so far: observed, no rule of the contract.',
})
export class SnapshotGapType {
  @Field(() => SafeIntScalar, { description: 'Fewest blocks from one snapshot to the next.' })
  readonly blocks!: number;

  @Field(() => BigIntScalar, { description: 'Fewest seconds from one snapshot to the next.' })
  readonly seconds!: bigint;
}

@ObjectType('Pools', {
  simpleResolvers: true,
  description: "The parts that what a token's contract holds of an asset is divided into.",
})
export class PoolsType {
  @Field(() => AssetScalar, { description: ASSET_TEXT })
  readonly asset!: string;

  @Field(() => BigIntScalar, {
    description: 'Received and not covered by a snapshot, in units of the asset (wei for ETH).',
  })
  readonly newRevenueWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'Assigned to snapshots and not claimed yet, in units of the asset (wei for ETH).',
  })
  readonly claimableWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'The pool that burning pays from, in addition to its part of new revenue, in units of the asset (wei for ETH).',
  })
  readonly redeemableWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'Paid to burners out of new revenue since the last snapshot, in units of the asset (wei for ETH).',
  })
  readonly redeemedFromNewWei!: bigint;
}

/** Pools at a moment. */
export interface PoolsNode extends PoolsType {
  readonly asOf: AsOf;
}

@ObjectType('EarliestSnapshot', {
  simpleResolvers: true,
  description: 'When the next snapshot can be taken at the earliest; one of the two is null.',
})
export class EarliestSnapshotType {
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'First block in which it can be taken.',
  })
  readonly block!: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'First block time at which it can be taken.',
  })
  readonly timestamp!: Date | null;
}

@ObjectType('Token', { simpleResolvers: true, description: 'A revenue token (ERC-7641).' })
export class TokenType {
  @Field(() => ID, { description: MOMENT_ID })
  readonly id!: string;

  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'Its contract.' })
  readonly address!: Address;

  @Field(() => String, { nullable: true, description: 'name(), if the contract has it.' })
  readonly name!: string | null;

  @Field(() => String, { nullable: true, description: SYMBOL_TEXT })
  readonly symbol!: string | null;

  @Field(() => String, { nullable: true, description: ON_CHAIN_SYMBOL_TEXT })
  readonly symbolOnChain!: string | null;

  @Field(() => Int, { nullable: true, description: 'decimals(), if the contract has it.' })
  readonly decimals!: number | null;

  @Field(() => SafeIntScalar, { description: 'First indexed block.' })
  readonly startBlock!: number;

  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'The final block at which its books end, because the config no longer names it; null: they continue. Figures of a later moment are those of this block.',
  })
  readonly archivedBlock!: number | null;

  @Field(() => PolicyType, { description: 'How it shares its revenue.' })
  readonly policy!: PolicyType;

  @Field(() => AsOfType, { description: 'The block that all figures of this token hold for.' })
  readonly asOf!: AsOf;
}

/** A token at a moment. The figures of the moment are read when a field asks for them. */
export interface TokenNode extends TokenType {
  readonly record: TokenRecord;
}

export function tokenNode(record: TokenRecord, at: AsOf): TokenNode {
  const asOf = momentInBooks(record, at);
  const { policy, terms } = rulesAt(record.rules, asOf.block);
  return {
    record,
    id: momentId(contractId(record), asOf),
    asOf,
    chainId: record.chainId,
    address: record.address,
    name: record.name,
    symbol: shownSymbol(record),
    symbolOnChain: record.symbol,
    decimals: record.decimals,
    startBlock: record.startBlock,
    archivedBlock: record.archivedBlock,
    policy: {
      name: policy.name,
      ...termsFields(terms),
      parts: partsNode(policy.parts),
    },
  };
}

function partsNode({ claimedId: _, own: __, ...parts }: PolicyParts): PolicyPartsType {
  const { percent, window, interval } = parts;
  return {
    ...parts,
    percent: String(percent),
    window: String(window),
    interval: typeof interval === 'object' ? 'stated' : interval,
  };
}
