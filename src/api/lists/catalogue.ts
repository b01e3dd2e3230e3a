import { AIGC_DATA_LIST } from './aigcData.js';
import { AIGC_TOKEN_LIST } from './aigcTokens.js';
import { AIGC_TRANSFER_LIST } from './aigcTransfers.js';
import { CLAIM_LIST } from './claims.js';
import type { DefinedList } from './engine/defineOperations.js';
import { JOURNAL_LIST } from './journal.js';
import { MINT_LIST } from './mints.js';
import { MODEL_PAYOUT_LIST } from './modelPayouts.js';
import { PARTICIPATION_LIST } from './participations.js';
import { POOL_SHARE_LIST } from './poolShares.js';
import { PRICE_ROUND_LIST } from './prices.js';
import { RECEIPT_LIST } from './receipts.js';
import { REDEMPTION_LIST } from './redemptions.js';
import { REQUEST_LIST } from './requests.js';
import { RESULT_LIST } from './results.js';
import { SALE_ENTRY_LIST } from './saleEntries.js';
import { TRANSFER_LIST } from './transfers.js';

/** All lists of operations; the schema has a query for each, and its totals. */
export const LISTS: readonly DefinedList[] = [
  RECEIPT_LIST,
  CLAIM_LIST,
  REDEMPTION_LIST,
  TRANSFER_LIST,
  JOURNAL_LIST,
  REQUEST_LIST,
  RESULT_LIST,
  MINT_LIST,
  PRICE_ROUND_LIST,
  SALE_ENTRY_LIST,
];

/** Lists that statements of their own read, and whose rows show labels. */
export const LABELLED_LISTS = [
  PARTICIPATION_LIST,
  POOL_SHARE_LIST,
  MODEL_PAYOUT_LIST,
  AIGC_TOKEN_LIST,
  AIGC_DATA_LIST,
  AIGC_TRANSFER_LIST,
];
