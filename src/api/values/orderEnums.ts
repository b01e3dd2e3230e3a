import { registerEnumType } from 'type-graphql';

/** What each list can be ordered by. */
type ValueOf<Enum> = Enum[keyof Enum];

export const OperationOrderBy = { CHAIN: 'CHAIN', AMOUNT: 'AMOUNT' } as const;
export type OperationOrderBy = ValueOf<typeof OperationOrderBy>;
registerEnumType(OperationOrderBy, {
  name: 'OperationOrderBy',
  description: 'What a list of operations is ordered by.',
  valuesConfig: {
    CHAIN: {
      description:
        'The order of the chain: by time, then chain, block, token and position in the block.',
    },
    AMOUNT: {
      description:
        'The amount; equal ones by contract, in each in the order of the chain. Between two blocks or times, the database reads all rows there; it reads all transfers until the backfill is over.',
    },
  },
});

export const AigcTokenOrderBy = { MINTED: 'MINTED', TOKEN_ID: 'TOKEN_ID' } as const;
export type AigcTokenOrderBy = ValueOf<typeof AigcTokenOrderBy>;
registerEnumType(AigcTokenOrderBy, {
  name: 'AigcTokenOrderBy',
  description: 'What the tokens of each collection are ordered by; collections as we index them.',
  valuesConfig: {
    MINTED: { description: 'Their first mints.' },
    TOKEN_ID: { description: 'Their ids.' },
  },
});

export const HolderOrderBy = {
  BALANCE: 'balance',
  CLAIMABLE: 'claimableWei',
  CLAIMED: 'claimedWei',
  REDEEMED: 'redeemedWei',
} as const;
export type HolderOrderBy = ValueOf<typeof HolderOrderBy>;
registerEnumType(HolderOrderBy, {
  name: 'HolderOrderBy',
  description: 'What a list of holders is ordered by. Holders of equal value go by address.',
  valuesConfig: {
    BALANCE: { description: 'Token units held.' },
    CLAIMABLE: {
      description:
        'Wei that can be claimed now, of all open snapshots together. Beyond the top of the list it is computed for all holders.',
    },
    CLAIMED: { description: 'Wei claimed so far.' },
    REDEEMED: { description: 'Wei paid for burned tokens so far.' },
  },
});
