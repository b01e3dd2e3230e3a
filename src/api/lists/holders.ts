import type { Address } from '../../address.js';
import type { HolderRecord } from '../../ledger/entitlement.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { HolderFigure } from '../../store/read/holders/holderRows.js';
import type { HolderFilter } from '../../store/read/holders/holderScope.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { AsOfType } from '../objects/chains/asOf.js';
import { OrderDirection } from '../values/enums.js';
import { defineStoredList, type StoredListArgs } from './engine/defineStoredList.js';
import { field, only, optional, shown } from './engine/field.js';
import { ACCOUNT_KIND, ADDRESS, AMOUNT, TEXT, YES_NO } from './engine/fieldKinds.js';

export const IS_CONTRACT_TEXT =
  'Whether the account is a contract. Null: its code has not been read yet. An account that lends itself code (EIP-7702) is none.';
export const LABEL_TEXT =
  'Name that the config gives the account: its label, or that of the contract.';
export const KIND_TEXT = 'What the account is. Null: its code has not been read yet.';

const FIELDS = {
  address: field(ADDRESS, 'The holder.', ADDRESS.column('account')),
  balance: field(AMOUNT, 'Balance in token units; 0 if nothing is left.', AMOUNT.column('balance')),
  claimableWei: field(
    AMOUNT,
    'Claimable of all open snapshots, in units of the asset (wei for ETH); computed for all holders.',
    // The cache has no such column: a list that asks for it is computed.
    AMOUNT.column('claimable_wei'),
  ),
  claimedWei: field(
    AMOUNT,
    'Claimed so far, in units of the asset (wei for ETH).',
    AMOUNT.column('claimed_wei'),
  ),
  redeemedWei: field(
    AMOUNT,
    'Paid for burned tokens so far, in units of the asset (wei for ETH).',
    AMOUNT.column('redeemed_wei'),
  ),
  // Their columns depend on the chain: `holderConditions.ts`.
  isContract: optional(YES_NO, IS_CONTRACT_TEXT, '(NULL::boolean)'),
  kind: optional(ACCOUNT_KIND, KIND_TEXT, '(NULL::text)'),
  label: optional(TEXT, LABEL_TEXT, '(NULL::text)'),
};

/** The holders of a token. */
export const HOLDER_LIST = defineStoredList({
  name: 'Holder',
  rows: 'holders',
  type: {
    name: 'HolderPosition',
    text: 'A holder of one token.',
    shows: {
      address: FIELDS.address,
      balance: FIELDS.balance,
      asOf: shown(AsOfType, 'The block that all figures hold for.'),
    },
  },
  fields: FIELDS,
  orders: {
    BALANCE: { text: 'Token units held.', by: 'balance', value: 'balance' },
    CLAIMABLE: {
      text: 'Wei that can be claimed now, of all open snapshots together. Beyond the top of the list, conditions and totals look at all holders.',
      by: 'claimableWei',
      value: 'claimableWei',
    },
    CLAIMED: { text: 'Wei claimed so far.', by: 'claimedWei', value: 'claimedWei' },
    REDEEMED: {
      text: 'Wei paid for burned tokens so far.',
      by: 'redeemedWei',
      value: 'redeemedWei',
    },
  },
  ordersText: 'What a list of holders is ordered by. Holders of equal value go by address.',
  filter: {
    minBalance: only(
      AMOUNT,
      'Balance not less than this, token units; "1" leaves out former holders.',
    ),
    maxBalance: only(AMOUNT, 'Balance not more than this, token units.'),
    minClaimableWei: only(
      AMOUNT,
      'Claimable in all open snapshots together not less than this, in units of the asset (wei for ETH).',
    ),
    minClaimedWei: only(
      AMOUNT,
      'Claimed so far not less than this, in units of the asset (wei for ETH).',
    ),
    minRedeemedWei: only(
      AMOUNT,
      'Paid for burned tokens so far not less than this, in units of the asset (wei for ETH).',
    ),
  },
  args: ['orderBy', 'direction', 'filter', 'where'],
  ends: { first: OrderDirection.DESC, text: 'Largest (DESC) or smallest (ASC) first.' },
});

export interface HolderListArgs extends StoredListArgs<HolderFigure> {
  readonly filter?: HolderFilter | null;
}

/** A position at a moment. */
export interface HolderPositionNode {
  readonly address: Address;
  readonly balance: bigint;
  readonly asOf: AsOf;
  readonly tokenRecord: TokenRecord;
  /** What its entitlement in ETH is computed from, where it was read with the position. */
  readonly record?: HolderRecord | null;
}
