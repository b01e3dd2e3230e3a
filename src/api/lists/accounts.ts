import { ArgsType, Field } from 'type-graphql';
import type { Address } from '../../address.js';
import type { AccountType } from '../objects/operations/journal.js';
import { defineMemoryList } from './engine/defineMemoryList.js';
import { ADDRESS, AMOUNT, ASSET, BLOCK, TEXT, YES_NO } from './engine/fieldKinds.js';
import { AtInput, PageArgs } from './engine/inputs.js';

export const SPLIT_DUST = {
  defaultValue: false,
  description:
    'Show what rounding leaves in claimable/<id>, which nobody can claim, as dust/<id>. Reads all balances of the token.',
};

@ArgsType()
class OfContractArgs extends PageArgs {
  @Field(() => BLOCK.type, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => ADDRESS.type, { description: 'A token, an AI oracle or a sale.' })
  readonly contract!: Address;

  @Field(() => AtInput, {
    nullable: true,
    description: 'The moment to answer for; default: the newest indexed block.',
  })
  readonly at?: AtInput | null;

  @Field(() => Boolean, SPLIT_DUST)
  readonly splitDust!: boolean;
}

/** The accounts of one contract. */
export const ACCOUNT_LIST = defineMemoryList({
  name: 'Account',
  rows: 'accounts',
  Base: OfContractArgs,
  moment: 'above',
  toNode: (row: AccountType) => row,
  keyOf: ({ asset, account }: AccountType) => [asset, account],
  fields: {
    asset: { kind: ASSET, text: 'What amounts are in.', of: ({ asset }: AccountType) => asset },
    account: {
      kind: TEXT,
      text: 'Its name; docs/accounting.md has the chart.',
      of: ({ account }: AccountType) => account,
    },
    held: {
      kind: YES_NO,
      text: 'Whether the contract holds its money.',
      of: ({ held }: AccountType) => held,
    },
    volumeInWei: {
      kind: AMOUNT,
      text: 'All that it gained, in units of the asset (wei for ETH).',
      of: ({ volumeInWei }: AccountType) => volumeInWei,
    },
    volumeOutWei: {
      kind: AMOUNT,
      text: 'All that it gave, in units of the asset (wei for ETH).',
      of: ({ volumeOutWei }: AccountType) => volumeOutWei,
    },
    balanceWei: {
      kind: AMOUNT,
      text: 'The difference, in units of the asset (wei for ETH).',
      of: ({ balanceWei }: AccountType) => balanceWei,
    },
  },
  orders: {
    NAME: { text: 'Asset and name of the account.', of: () => [] },
    BALANCE: {
      text: 'What it gained less what it gave.',
      of: ({ balanceWei }: AccountType) => [balanceWei],
    },
    VOLUME_IN: {
      text: 'All that it gained.',
      of: ({ volumeInWei }: AccountType) => [volumeInWei],
    },
    VOLUME_OUT: {
      text: 'All that it gave.',
      of: ({ volumeOutWei }: AccountType) => [volumeOutWei],
    },
  },
});

export type AccountsArgs = InstanceType<typeof ACCOUNT_LIST.Args> & OfContractArgs;
