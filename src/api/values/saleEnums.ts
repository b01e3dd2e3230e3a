import { registerEnumType } from 'type-graphql';

export const SaleKind = {
  LAUNCHPAD: 'launchpad',
  FIXED_PRICE: 'fixed-price',
  LBP: 'lbp',
  CUSTOM: 'custom',
} as const;
export type SaleKind = (typeof SaleKind)[keyof typeof SaleKind];
registerEnumType(SaleKind, {
  name: 'SaleKind',
  description: 'What a sale works like.',
  valuesConfig: {
    LAUNCHPAD: { description: 'Deposits in a window, then tokens pro rata.' },
    FIXED_PRICE: { description: 'Tokens at one price, delivered at once.' },
    LBP: { description: 'A liquidity bootstrapping pool: shares are bought and sold on a curve.' },
    CUSTOM: { description: 'Described in imo.yaml by its ABI and a mapping of its events.' },
  },
});

export const SaleState = {
  OPEN: 'open',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  FINALISED: 'finalised',
} as const;
export type SaleState = (typeof SaleState)[keyof typeof SaleState];
registerEnumType(SaleState, {
  name: 'SaleState',
  description: 'How far a sale is.',
  valuesConfig: {
    OPEN: { description: 'Not over; sales without a known end stay so until they are finalised.' },
    SUCCEEDED: { description: 'The window is over and the target was reached.' },
    FAILED: { description: 'The window is over and the target was missed.' },
    FINALISED: { description: 'It was closed by a transaction; hasSucceeded tells how it went.' },
  },
});

export const SaleOrderBy = {
  INDEXED: 'INDEXED',
  RAISED: 'RAISED',
  PARTICIPANTS: 'PARTICIPANTS',
} as const;
export type SaleOrderBy = (typeof SaleOrderBy)[keyof typeof SaleOrderBy];
registerEnumType(SaleOrderBy, {
  name: 'SaleOrderBy',
  description: 'What a list of sales is ordered by.',
  valuesConfig: {
    INDEXED: { description: 'The order in which we began to index them.' },
    RAISED: { description: 'Paid in by deposits and purchases, refunded or not, raise units.' },
    PARTICIPANTS: { description: 'Number of accounts that took part.' },
  },
});

export const ParticipationOrderBy = { SALE: 'SALE', DEPOSITED: 'DEPOSITED' } as const;
export type ParticipationOrderBy = (typeof ParticipationOrderBy)[keyof typeof ParticipationOrderBy];
registerEnumType(ParticipationOrderBy, {
  name: 'ParticipationOrderBy',
  description: 'What a list of participations is ordered by.',
  valuesConfig: {
    SALE: { description: 'Sale and address.' },
    DEPOSITED: { description: 'What was paid in.' },
  },
});

export const SaleEntryKind = {
  DEPOSIT: 'deposit',
  PURCHASE: 'purchase',
  ALLOCATION: 'allocation',
  TOKEN_CLAIM: 'token-claim',
  REFUND: 'refund',
  SELL: 'sell',
  FINALISATION: 'finalisation',
} as const;
export type SaleEntryKind = (typeof SaleEntryKind)[keyof typeof SaleEntryKind];
registerEnumType(SaleEntryKind, {
  name: 'SaleEntryKind',
  description: 'What an entry of a sale is.',
  valuesConfig: {
    DEPOSIT: { description: 'Money paid in, for tokens that are shared out later.' },
    PURCHASE: { description: 'Money paid in for a certain number of tokens.' },
    ALLOCATION: { description: 'Tokens promised to a participant.' },
    TOKEN_CLAIM: { description: 'Tokens paid out.' },
    REFUND: { description: 'Money paid back.' },
    SELL: { description: 'Tokens given back to the sale for money.' },
    FINALISATION: { description: 'The sale was closed by a transaction.' },
  },
});
