import type { Address } from '../../address.js';
import type { RevenueBooks } from '../../books/requestBooks.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { CLAIM_COLUMNS, CLAIMS, type ClaimValues } from '../../store/read/operations/claims.js';
import type { OperationRecord } from '../../store/read/operations/operation.js';
import {
  RECEIPT_COLUMNS,
  RECEIPTS,
  type ReceiptValues,
} from '../../store/read/operations/receipts.js';
import {
  REDEMPTION_COLUMNS,
  REDEMPTIONS,
  type RedemptionValues,
} from '../../store/read/operations/redemptions.js';
import {
  TRANSFER_COLUMNS,
  TRANSFERS,
  type TransferValues,
} from '../../store/read/operations/transfers.js';
import type { OperationNode } from '../objects/operations/operations.js';
import type { ApiContext } from '../request/context.js';

/** The books of a token in an asset, as the owner of rows. */
export interface BookOwner extends RevenueBooks {
  readonly chainId: number;
}

interface BookValues {
  readonly token: Address;
}

/** What all lists of a token's operations have. */
const OF_TOKENS = {
  ownerFields: { token: ({ token }: BookOwner) => token.address },

  async ownersOf(
    { books }: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    { token, asset }: { readonly token?: Address | null; readonly asset?: Address | null },
  ): Promise<BookOwner[]> {
    const inAsset = await books.booksIn(asset, await books.tokensOf(chains, token));
    return inAsset.map((book) => ({ ...book, chainId: book.token.chainId }));
  },

  toNode: <Row extends OperationRecord>(
    row: Row,
    { token, asset }: BookOwner,
    asOf: AsOf,
  ): OperationNode<Row> => ({ asset, ...row, tokenNumber: token.number, asOf }),
};

/** What receipts, claims, redemptions and transfers can be narrowed by. */
export type ReceiptFields = ReceiptValues & BookValues;
export type ClaimFields = ClaimValues & BookValues;
export type RedemptionFields = RedemptionValues & BookValues;
export type TransferFields = TransferValues & BookValues;

export const RECEIPT_SET = {
  ...OF_TOKENS,
  kind: RECEIPTS,
  columns: RECEIPT_COLUMNS,
  indexed: ['payer'],
} as const;

export const CLAIM_SET = {
  ...OF_TOKENS,
  kind: CLAIMS,
  columns: CLAIM_COLUMNS,
  indexed: ['holder', 'snapshotId'],
} as const;

export const REDEMPTION_SET = {
  ...OF_TOKENS,
  kind: REDEMPTIONS,
  columns: REDEMPTION_COLUMNS,
  indexed: ['holder'],
} as const;

export const TRANSFER_SET = {
  ...OF_TOKENS,
  kind: TRANSFERS,
  columns: TRANSFER_COLUMNS,
  indexed: ['from', 'to'],
} as const;
