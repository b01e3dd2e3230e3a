import { registerEnumType } from 'type-graphql';
import { SALE_RULES } from '../../chain/sales/registry.js';
import type { SaleEntryKind as LedgerSaleEntryKind } from '../../ledger/sales/sale.js';
import { type SaleKind as LedgerSaleKind, SALE_KINDS } from '../../ledger/sales/saleKinds.js';
import { kindEnum } from './kindEnum.js';

/** What each kind works like, by its own file. */
const SALE_KIND_TEXTS = Object.fromEntries(
  SALE_KINDS.map((kind) => [kind, SALE_RULES[kind].text]),
) as Record<LedgerSaleKind, string>;

export const SaleKind = kindEnum<LedgerSaleKind>(
  'SaleKind',
  'What a sale works like.',
  SALE_KIND_TEXTS,
);
export type SaleKind = LedgerSaleKind;

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

export const SaleEntryKind = kindEnum<LedgerSaleEntryKind>(
  'SaleEntryKind',
  'What an entry of a sale is.',
  {
    deposit: 'Money paid in, for tokens that are shared out later.',
    purchase: 'Money paid in for a certain number of tokens.',
    allocation: 'Tokens promised to a participant.',
    'token-claim': 'Tokens paid out.',
    refund: 'Money paid back.',
    sell: 'Tokens given back to the sale for money.',
    finalisation: 'The sale was closed by a transaction.',
  },
);
export type SaleEntryKind = LedgerSaleEntryKind;
