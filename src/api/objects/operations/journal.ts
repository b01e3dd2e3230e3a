import { Field, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { JournalRecord, PostingRecord } from '../../../store/read/journal/journal.js';
import { CollectionPart, IncomeSource, JournalContract } from '../../values/enums.js';
import {
  AddressScalar,
  ASSET_TEXT,
  AssetScalar,
  BigIntScalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { AsOfType } from '../chains/asOf.js';

@ObjectType('Posting', {
  simpleResolvers: true,
  description: 'What one account gained or gave by a journal entry.',
})
export class PostingType {
  @Field(() => String, { description: 'The account; docs/accounting.md has the chart.' })
  readonly account!: string;

  @Field(() => AssetScalar, { description: ASSET_TEXT })
  readonly asset!: string;

  @Field(() => BigIntScalar, {
    description: 'Gained (positive) or given (negative), in units of the asset (wei for ETH).',
  })
  readonly amountWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'Balance of the account after it, in units of the asset (wei for ETH).',
  })
  readonly balanceWei!: bigint;
}

/** A posting with the entry that it belongs to. */
export type PostingNode = PostingRecord & {
  readonly entry: JournalRecord;
  readonly asset: string;
};

@ObjectType('Account', {
  simpleResolvers: true,
  description: 'A place where money is, comes from or went to.',
})
export class AccountType {
  @Field(() => AddressScalar, { description: 'The contract in whose journal it is.' })
  readonly contract!: Address;

  @Field(() => JournalContract, { description: 'What that contract is.' })
  readonly contractKind!: JournalContract;

  @Field(() => AssetScalar, { description: 'What amounts are in.' })
  readonly asset!: string;

  @Field(() => String, { description: 'Its name; docs/accounting.md has the chart.' })
  readonly account!: string;

  @Field(() => Boolean, {
    description:
      'Whether the contract that was asked for holds its money: what an oracle or sale holds, a token does not.',
  })
  readonly held!: boolean;

  @Field(() => BigIntScalar, {
    description: 'All that it gained, in units of the asset (wei for ETH).',
  })
  readonly volumeInWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'All that it gave, in units of the asset (wei for ETH).',
  })
  readonly volumeOutWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'The difference, in units of the asset (wei for ETH).',
  })
  readonly balanceWei!: bigint;
}

/** An account at a moment. */
export interface AccountNode extends AccountType {
  readonly asOf: AsOf;
}

@ObjectType('HeldAsset', {
  simpleResolvers: true,
  description: 'What a token holds of one asset: by its accounts, and by its pools.',
})
export class HeldAssetType {
  @Field(() => AssetScalar, { description: 'What amounts are in.' })
  readonly asset!: string;

  @Field(() => BigIntScalar, { description: 'Sum of the held accounts, in the smallest unit.' })
  readonly held!: bigint;

  @Field(() => BigIntScalar, {
    description: 'Balance of the contract by its pools: eth_getBalance or balanceOf.',
  })
  readonly balance!: bigint;
}

/** An asset with whose it is, and when: its chain can be asked. */
export interface HeldAssetNode extends HeldAssetType {
  readonly token: Address;
  readonly asOf: AsOf;
}

@ObjectType('TrialBalance', {
  simpleResolvers: true,
  description:
    'All accounts of a token. They sum to zero per asset; those that the token holds sum to its balance on the chain.',
})
export class TrialBalanceType {
  @Field(() => [AccountType], { description: 'Every account that was ever used.' })
  readonly accounts!: readonly AccountType[];

  @Field(() => BigIntScalar, { description: 'Sum of the held accounts in ETH, in wei.' })
  readonly heldWei!: bigint;

  @Field(() => BigIntScalar, { description: "The contract's ETH balance, in wei." })
  readonly balanceWei!: bigint;

  @Field(() => [HeldAssetType], { description: 'The same for ETH and every asset it shares.' })
  readonly assets!: readonly HeldAssetType[];

  @Field(() => AsOfType, { description: 'The moment it holds for.' })
  readonly asOf!: AsOf;
}

@ObjectType('RevenueGroup', {
  simpleResolvers: true,
  description: 'What a source brought in one step of time.',
})
export class RevenueGroupType {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Begin of the step in UTC; null for all time together.',
  })
  readonly from!: Date | null;

  @Field(() => IncomeSource, { description: 'Where it came from.' })
  readonly source!: IncomeSource;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'The contract or labelled address, if grouped by it.',
  })
  readonly sourceAddress!: Address | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'The model whose revenue an oracle paid out, if grouped by it.',
  })
  readonly modelId!: bigint | null;

  @Field(() => CollectionPart, {
    nullable: true,
    description: 'Of a collection: mints or royalties, if grouped by it and known.',
  })
  readonly collectionPart!: CollectionPart | null;

  @Field(() => AddressScalar, { nullable: true, description: 'The payer, if grouped by it.' })
  readonly payer!: Address | null;

  @Field(() => AssetScalar, { description: ASSET_TEXT })
  readonly asset!: string;

  @Field(() => BigIntScalar, {
    description: 'Sum, in units of the asset (wei for ETH).',
  })
  readonly amountWei!: bigint;

  @Field(() => SafeIntScalar, { description: 'Number of receipts.' })
  readonly receipts!: number;
}

/** A source, with the chain of its token. */
export interface RevenueGroupNode extends RevenueGroupType {
  readonly chainId: number;
}
